//! Source text with everything blanked out that is no code, byte for byte and line for line.

/// The code of a Rust file: comments, the insides of strings and of character literals become blanks.
pub(super) fn code(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end = at
            + match rest {
                [b'/', b'/', ..] => rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
                [b'/', b'*', ..] => block_comment(rest),
                [b'"', ..] => string(rest),
                [b'r' | b'b' | b'c', ..] if !in_word(bytes, at) => prefixed(&source[at..]),
                [b'\'', ..] => character(&source[at..]),
                _ => 1,
            };
        if end > at + 1 {
            blank(&mut code[at..end]);
        }
        at = end;
    }
    String::from_utf8(code).expect("whole characters were blanked")
}

/// Blanks out the items marked `#[cfg(test)]` in code that [`code`] made.
pub(super) fn without_tests(code: &str) -> String {
    let mut bytes = code.as_bytes().to_vec();
    let mut from = 0;
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let start = from + found;
        let end = start + item(&code[start..]);
        blank(&mut bytes[start..end]);
        from = end;
    }
    String::from_utf8(bytes).expect("whole items were blanked")
}

/// Length of an item with its attributes: to its semicolon, or to the brace that closes its first one (`use a::{b};`
/// has both).
fn item(code: &str) -> usize {
    let (mut braces, mut others) = (0_u32, 0_u32);
    for (at, letter) in code.char_indices() {
        match letter {
            '(' | '[' => others += 1,
            ')' | ']' => others = others.saturating_sub(1),
            '{' => braces += 1,
            '}' if braces <= 1 => return at + 1 + usize::from(code[at + 1..].starts_with(';')),
            '}' => braces -= 1,
            ';' if braces == 0 && others == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

fn block_comment(text: &[u8]) -> usize {
    let (mut depth, mut at) = (0_u32, 0);
    while at < text.len() {
        match &text[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    text.len()
}

fn string(text: &[u8]) -> usize {
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// `r"…"`, `r#"…"#`, `b"…"`, `br#"…"#`, `c"…"`, `b'…'`; or one letter of an identifier.
fn prefixed(text: &str) -> usize {
    let letters = text.bytes().take(2).take_while(u8::is_ascii_lowercase).count();
    let raw = text[..letters].contains('r');
    let hashes = text[letters..].bytes().take_while(|byte| *byte == b'#').count();
    let quote = letters + hashes;
    match text.as_bytes().get(quote) {
        Some(b'"') if raw => {
            let close = format!("\"{}", "#".repeat(hashes));
            let length = text[quote + 1..].find(&close);
            length.map_or(text.len(), |length| quote + 1 + length + close.len())
        }
        Some(b'"') if hashes == 0 => letters + string(&text.as_bytes()[letters..]),
        Some(b'\'') if hashes == 0 => letters + character(&text[letters..]),
        _ => 1,
    }
}

/// A character literal, or the tick of a lifetime.
fn character(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    match (letters.next(), letters.next()) {
        // The escaped character may itself be a tick.
        (Some((_, '\\')), _) => text.get(3..).and_then(|rest| rest.find('\'')).map_or(1, |close| close + 4),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

fn in_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn blank(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}
