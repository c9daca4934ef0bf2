//! Feeds in Atom (RFC 4287).

use std::fmt::Write as _;

use jiff::Timestamp;
use uuid::Uuid;

/// Media type of a feed.
pub const ATOM: &str = "application/atom+xml; charset=utf-8";

/// A feed.
pub struct Feed<'a> {
    /// Title.
    pub title: &'a str,
    /// Address of the feed.
    pub self_url: &'a str,
    /// Address of the page that shows the same.
    pub page_url: &'a str,
    /// Who publishes it.
    pub author: &'a str,
    /// Language of the titles, BCP 47.
    pub language: &'a str,
    /// Newest first.
    pub items: Vec<Item>,
}

/// One entry of a feed.
pub struct Item {
    /// Identity that never changes, a URI.
    pub id: String,
    /// Title.
    pub title: String,
    /// Page.
    pub url: String,
    /// First publication.
    pub published: Timestamp,
    /// Newest change.
    pub updated: Timestamp,
    /// One or two sentences.
    pub summary: String,
    /// Kind, as people read it.
    pub category: String,
}

/// The feed as XML.
pub fn atom(feed: &Feed<'_>) -> String {
    // An empty feed has to name a day too; the oldest one makes no reader think there is news.
    let updated = feed.items.iter().map(|item| item.updated).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n",
        escaped(feed.language)
    );
    let mut line = |text: String| {
        let _ = writeln!(xml, "{text}");
    };
    // Its own address need not be absolute where the operator has not said under which name people reach the service.
    line(format!("<id>urn:uuid:{}</id>", Uuid::new_v5(&Uuid::NAMESPACE_URL, feed.self_url.as_bytes())));
    line(format!("<title>{}</title>", escaped(feed.title)));
    line(format!("<updated>{}</updated>", seconds(updated)));
    line(format!("<author><name>{}</name></author>", escaped(feed.author)));
    line(format!("<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>", escaped(feed.self_url)));
    line(format!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", escaped(feed.page_url)));
    line("<rights>CC BY 4.0, https://creativecommons.org/licenses/by/4.0/</rights>".to_owned());
    for item in &feed.items {
        line("<entry>".to_owned());
        line(format!("<id>{}</id>", escaped(&item.id)));
        line(format!("<title>{}</title>", escaped(&item.title)));
        line(format!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", escaped(&item.url)));
        line(format!("<published>{}</published>", seconds(item.published)));
        line(format!("<updated>{}</updated>", seconds(item.updated)));
        line(format!("<category term=\"{}\"/>", escaped(&item.category)));
        line(format!("<summary>{}</summary>", escaped(&item.summary)));
        line("</entry>".to_owned());
    }
    xml.push_str("</feed>\n");
    xml
}

/// RFC 3339 without fractions, which some readers do not take.
fn seconds(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Text for XML 1.0: markup escaped, characters that XML cannot hold left out.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(character),
            '\u{fffe}' | '\u{ffff}' => {}
            control if control < ' ' => {}
            other => escaped.push(other),
        }
    }
    escaped
}
