//! Made-up files that keep or break each rule, so that the rules themselves can fail.

use super::rules::{self, Finding, Source};
use super::{lex, links, private_places};

/// Holds a rule against a made-up file; `expected` are the lines it must find.
#[track_caller]
fn check(rule: fn(&Source) -> Vec<Finding>, path: &str, text: &str, expected: &[usize]) {
    let mut found: Vec<usize> = rule(&Source::new(path, text)).into_iter().map(|finding| finding.line).collect();
    found.sort_unstable();
    assert_eq!(found, expected, "{path}: {text}");
}

#[test]
fn arrows() {
    let arrows = rules::arrows;
    check(arrows, "src/http/api.rs", "use crate::search::run;", &[]);
    check(arrows, "src/search/run.rs", "use crate::http::Problem;", &[1]);
    check(arrows, "src/search/run.rs", "\nuse crate::{\n    index::plan::Plan,\n    store::Store,\n};", &[2]);
    check(arrows, "src/search/run.rs", "use crate::{index::{plan, execute}, query::Query};", &[]);
    check(arrows, "src/search/run.rs", "fn f() { crate::store::open(); }", &[1]);
    check(arrows, "src/curate.rs", "use crate::index::Snapshot;\nuse crate::store::Store;", &[1]);
    check(arrows, "src/follow.rs", "use crate::index::Snapshot;\nuse crate::store::Store;", &[]);
    check(arrows, "src/store.rs", "use crate::index::Snapshot;", &[1]);
    check(arrows, "src/http.rs", "use crate::web::site;", &[1]);
    check(arrows, "src/web.rs", "use crate::http::Problem;", &[]);
    check(arrows, "src/store.rs", "use crate::clock::Clock;", &[]);
    check(arrows, "src/text.rs", "use crate::clock::Clock;", &[1]);
    check(arrows, "src/config.rs", "use crate::model::problem::nearest;", &[]);
    check(arrows, "src/config.rs", "use crate::text::Analyser;", &[1]);
    check(arrows, "src/store.rs", "use crate::attic::Trunk;", &[1]);
    check(arrows, "src/attic.rs", "use crate::model::Entry;", &[1]);
    check(arrows, "src/main.rs", "fn main() { mitmachbox::cli::run() }", &[]);
    check(arrows, "src/search/hit.rs", "use super::request::Sort;", &[]);
    check(arrows, "src/search/hit.rs", "use super::super::store::Store;", &[1]);
    check(arrows, "src/search.rs", "use super::store::Store;", &[1]);
    check(
        arrows,
        "src/model.rs",
        "//! Seen by [`crate::store`].\n/// \"crate::store\"\nconst A: &str = \"crate::store\";",
        &[],
    );
    check(
        arrows,
        "src/model.rs",
        "#[cfg(test)]\nmod tests {\n    use crate::store::Store;\n}\nuse crate::text::A;",
        &[5],
    );
}

#[test]
fn doors() {
    let doors = rules::doors;
    check(doors, "src/store/tree.rs", "use sled::Tree;", &[]);
    check(doors, "src/search.rs", "fn f(tree: &sled::Tree) {}\nuse sled;", &[1, 2]);
    check(doors, "src/store.rs", "use tantivy::Index;\nuse tantivy_fst::Map;", &[1, 2]);
    check(doors, "src/search.rs", "mod sled_db;\nfn f(sled: u8) -> u8 { sled }\nfn g() { crate::sled::h() }", &[]);
    check(doors, "src/web/page.rs", "use axum::Router;", &[]);
    check(doors, "src/app.rs", "// axum::serve\nuse axum::Router;", &[2]);
}

#[test]
fn purity() {
    check(rules::purity, "src/text/stem.rs", "use std::fs::File;\nuse std::time::Instant;", &[1, 2, 2]);
    check(rules::purity, "src/model.rs", "async fn f() { tokio::spawn(g()) }", &[1]);
    check(rules::purity, "src/store.rs", "use std::fs::File;", &[]);
    check(rules::purity, "src/model.rs", "use jiff::Timestamp;\nstruct Instantly;", &[]);
}

#[test]
fn clock() {
    check(rules::clock, "src/clock.rs", "Timestamp::now()", &[]);
    check(rules::clock, "src/jobs.rs", "let a = jiff::Timestamp::now();\nlet b = clock.now();", &[1]);
    check(rules::clock, "src/jobs.rs", "SystemTime::now();\nZoned::now();\nInstant::now();", &[1, 2]);
}

#[test]
fn unwraps() {
    check(rules::unwraps, "src/a.rs", "a.unwrap();\nb.unwrap_or(1);\nc.expect(\"always there\");", &[1]);
    check(rules::unwraps, "src/a.rs", "/// a.unwrap()\n// b.unwrap()\nlet c = \".unwrap()\";", &[]);
    check(
        rules::unwraps,
        "src/a.rs",
        "#[cfg(test)]\nmod tests {\n    fn f() { a.unwrap() }\n}\nfn g() { b.unwrap() }",
        &[5],
    );
    check(rules::unwraps, "src/a/tests.rs", "a.unwrap();", &[]);
}

#[test]
fn unfinished() {
    check(
        rules::unfinished,
        "src/a.rs",
        "fn f() { todo!() }\nfn g() { unimplemented!(\"soon\") }\ndbg!(1);",
        &[1, 2, 3],
    );
    check(rules::unfinished, "src/a.rs", "// todo!()\nmy_todo!();", &[]);
}

/// `kept` is what must be left, words apart by single blanks; everything left stays where it was.
#[track_caller]
fn check_blanked(blank: fn(&str) -> String, source: &str, kept: &str) {
    let code = blank(source);
    assert_eq!(code.split_whitespace().collect::<Vec<_>>().join(" "), kept, "{source}");
    assert_eq!((code.len(), code.lines().count()), (source.len(), source.lines().count()), "{source}");
}

#[test]
fn what_is_no_code_is_blanked() {
    check_blanked(lex::code, "a // b\nc", "a c");
    check_blanked(lex::code, "a /* b /* c */ d\n*/ e", "a e");
    check_blanked(lex::code, "f(\"a\\\"b // c\") g", "f( ) g");
    check_blanked(lex::code, "\"ä\n\" b", "b");
    check_blanked(lex::code, "r#\"a\"b\"# c", "c");
    check_blanked(lex::code, "r\"a\\\" b br\"c\" b\"d\" b'e' f", "b f");
    check_blanked(lex::code, "'\"' 'ä' '\\'' '\\u{1f}' b", "b");
    check_blanked(lex::code, "'a: loop { f::<'b, 'c>(&'d str) }", "'a: loop { f::<'b, 'c>(&'d str) }");
    check_blanked(lex::code, "r#type rb bar\"c\"", "r#type rb bar");
}

#[test]
fn tests_are_blanked() {
    check_blanked(lex::without_tests, "a\n#[cfg(test)]\nmod tests { fn f() { } }\nb", "a b");
    check_blanked(lex::without_tests, "#[cfg(test)]\n#[allow(x)]\nfn f(a: [u8; 2]) -> u8 { 1 }\nc", "c");
    check_blanked(lex::without_tests, "#[cfg(test)]\nuse a::{b, c};\nd", "d");
    check_blanked(lex::without_tests, "#[cfg(test)]\nconst A: [u8; 2] = [0; 2];\nc", "c");
    check_blanked(lex::without_tests, "#[cfg(not(test))]\nuse a::b;", "#[cfg(not(test))] use a::b;");
}

#[test]
fn private_places_are_seen() {
    let path = format!("{}{}", "/ho", "me/somebody");
    assert_eq!(private_places(&format!("a\nsee {path}\nb")).collect::<Vec<_>>(), [2]);
    assert_eq!(private_places("/workshop /roots data/").count(), 0);
}

#[test]
fn links_are_found() {
    let text =
        "[a](b.md) ![c](d.png \"e\")\n[f](https://g.de) [h](#i)\n```\n[j](k)\n```\n<!-- ![l](m) -->\n[n](o.md#p)";
    assert_eq!(links(text), [(1, "b.md"), (1, "d.png"), (2, "#i"), (7, "o.md#p")]);
}
