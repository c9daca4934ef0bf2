//! Addresses of entries: made from titles, readable, never shaped like an id.

/// Longest slug.
pub const SLUG_CHARS_MAX: usize = 100;

/// Makes a slug from a title: `ä` → `ae`, gender marks dropped, everything else a hyphen.
///
/// `"Bürger*innenrat für Äpfel"` → `"buergerinnenrat-fuer-aepfel"`. Empty where the title has no letter or digit.
pub fn from_title(title: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut slug = String::new();
    for letter in title.nfc().flat_map(char::to_lowercase) {
        match letter {
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            '*' | ':' | '’' | '\'' | '®' | '™' | '\u{ad}' => {}
            'a'..='z' | '0'..='9' => slug.push(letter),
            other => match std::iter::once(other).nfd().next() {
                Some(base @ ('a'..='z' | '0'..='9')) => slug.push(base),
                _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
                _ => {}
            },
        }
    }
    slug.truncate(SLUG_CHARS_MAX);
    let mut slug = slug.trim_matches('-').to_owned();
    if looks_like_id(&slug) {
        slug.push_str("-eintrag");
    }
    slug
}

/// Whether the text is a legal slug.
pub fn is_valid(slug: &str) -> bool {
    !slug.is_empty()
        && slug.len() <= SLUG_CHARS_MAX
        && !slug.starts_with('-')
        && !slug.ends_with('-')
        && !slug.contains("--")
        && slug.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !looks_like_id(slug)
}

/// Ids and slugs stand at the same place of an address; a slug must never read as an id.
fn looks_like_id(slug: &str) -> bool {
    uuid::Uuid::parse_str(slug).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_readable() {
        for (title, slug) in [
            ("Bürger*innenrat für Äpfel", "buergerinnenrat-fuer-aepfel"),
            ("World Café", "world-cafe"),
            ("6-3-5-Methode", "6-3-5-methode"),
            ("21st Century Town Meeting®", "21st-century-town-meeting"),
            (" — ", ""),
            ("Straße", "strasse"),
        ] {
            assert_eq!(from_title(title), slug);
            assert!(slug.is_empty() || is_valid(slug), "{slug}");
        }
    }

    #[test]
    fn a_slug_never_reads_as_an_id() {
        let title = "018f3b1e-7c1a-7d3e-8a4b-1234567890ab";
        assert!(is_valid(&from_title(title)));
        assert!(!is_valid(title));
    }
}
