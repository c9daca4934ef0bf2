//! Markdown of entries and of the operator's pages to HTML that can do no harm.
//!
//! Two fences: raw HTML in the text is never passed on, and what comes out is cleaned against a short list of tags.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::Builder;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

/// The text of an entry as HTML: paragraphs, emphasis, lists, quotations, tables, links. Headings begin at the third
/// level, because the page has the first two.
pub fn to_html(markdown: &str) -> String {
    converted(markdown, lowered, &CLEANER)
}

/// The text of a page that the operator provides. Headings begin at the second level, and links may lead to other pages
/// of the service.
pub fn page_to_html(markdown: &str) -> String {
    converted(markdown, lowered_on_page, &PAGE_CLEANER)
}

fn converted(markdown: &str, lowered: fn(HeadingLevel) -> HeadingLevel, cleaner: &Builder<'_>) -> String {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).map(|event| match event {
        // Shown as the text it is, so that an editor sees what went wrong.
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::Heading { level, .. }) => {
            Event::Start(Tag::Heading { level: lowered(level), id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lowered(level))),
        Event::Start(Tag::CodeBlock(_)) => {
            Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Fenced(CowStr::Borrowed(""))))
        }
        other => other,
    });
    let mut html = String::new();
    push_html(&mut html, events);
    cleaner.clean(&html).to_string()
}

/// One paragraph for each block of text, without any markup: for fields that are plain text.
pub fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n")
        .map(|block| block.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|block| !block.is_empty())
        .collect()
}

fn lowered(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

fn lowered_on_page(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        other => other,
    }
}

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(cleaner);

static PAGE_CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = cleaner();
    builder.add_tags(["h2"]).url_relative(ammonia::UrlRelative::PassThrough);
    builder
});

fn cleaner() -> Builder<'static> {
    let tags = [
        "p",
        "br",
        "em",
        "strong",
        "a",
        "ul",
        "ol",
        "li",
        "blockquote",
        "code",
        "pre",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ];
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(tags))
        .generic_attributes(HashSet::new())
        .tag_attributes([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))].into())
        .clean_content_tags(HashSet::from(["script", "style", "svg", "math", "iframe", "object", "template"]))
        .url_schemes(HashSet::from(["https", "http", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener"));
    builder
}
