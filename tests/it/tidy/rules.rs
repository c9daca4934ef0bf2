//! The rules about code, each a function from a file to what breaks it.

use super::lex;

/// A Rust file below `src`, ready to be judged.
pub(super) struct Source {
    /// Path below the repository, with slashes.
    pub path: String,
    /// Its code: no comments, no strings, no tests.
    code: String,
}

/// A place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

/// Rooms from top to bottom. A room may use those in the layers below its own, and no other.
const LAYERS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["app"],
    &["web"],
    &["http"],
    &["jobs", "exchange"],
    &["curate"],
    &["search", "auth"],
    &["follow"],
    &["store", "index"],
    &["query"],
    &["text"],
    &["model"],
];

/// Rooms that any room but the pure ones may use; they use each other and the model.
const LEAVES: &[&str] = &["config", "clock", "telemetry"];

/// Rooms without input, output, concurrency or time.
const PURE: &[&str] = &["query", "text", "model"];

/// Arrows that point down and are still forbidden: readers never touch the truth, staff never touch the view.
const FORBIDDEN: &[(&str, &str)] = &[("search", "store"), ("curate", "index")];

/// Crates with one door: who may name them.
const DOORS: &[(&str, &[&str])] =
    &[("sled", &["store"]), ("tantivy", &["index"]), ("tantivy_fst", &["index"]), ("axum", &["http", "web"])];

/// What a pure room must not name.
const IMPURE: &[&str] =
    &["tokio", "std::fs", "std::env", "std::net", "std::process", "std::time", "SystemTime", "Instant"];

/// Ways to read the clock.
const CLOCK_READS: &[&str] = &["Timestamp::now", "SystemTime::now", "Zoned::now", "UNIX_EPOCH.elapsed"];

/// What is never left in the program.
const UNFINISHED: &[&str] = &["todo!(", "unimplemented!(", "dbg!("];

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let is_test = path.ends_with("/tests.rs");
        let code = if is_test { String::new() } else { lex::without_tests(&lex::code(text)) };
        Self { path: path.to_owned(), code }
    }

    /// First step of the path below `src`.
    fn room(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        below.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    fn is_of(&self, rooms: &[&str]) -> bool {
        rooms.contains(&self.room())
    }

    /// Places where one of these stands, not as the end or the beginning of a longer name.
    fn places<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = (usize, &'a str)> {
        names.iter().flat_map(move |name| {
            let found = self.code.match_indices(name).map(|(at, _)| at);
            let whole = move |at: &usize| {
                let before = self.code[..*at].chars().next_back();
                let after = self.code[at + name.len()..].chars().next();
                !before.is_some_and(is_name) && (name.ends_with('(') || !after.is_some_and(is_name))
            };
            found.filter(whole).map(move |at| (at, *name))
        })
    }

    fn finding(&self, at: usize, what: String) -> Finding {
        Finding { line: self.code[..at].matches('\n').count() + 1, what }
    }
}

/// Arrows between rooms point down.
pub(super) fn arrows(source: &Source) -> Vec<Finding> {
    let here = source.room();
    if here == "lib" {
        return Vec::new();
    }
    let crates: &[&str] = if here == "main" { &["crate", "mitmachbox"] } else { &["crate"] };
    let mut findings = Vec::new();
    for (at, name) in source.places(crates) {
        for room in heads(&source.code[at + name.len()..]) {
            if let Err(why) = may_use(here, room) {
                findings.push(source.finding(at, format!("{here} uses {room}: {why}")));
            }
        }
    }
    // `src/room/part.rs` is two modules deep: its second `super` is the crate.
    let depth = source.path.matches('/').count();
    let climb = "super::".repeat(depth);
    let out = source.places(&["super"]).filter(|(at, _)| source.code[*at..].starts_with(&climb));
    findings.extend(out.map(|(at, _)| source.finding(at, format!("{climb} leaves the room {here}: write crate::"))));
    findings
}

/// Each dependency of weight has one door.
pub(super) fn doors(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, rooms) in DOORS {
        if !source.is_of(rooms) {
            let uses = source.places(std::slice::from_ref(name)).filter(|(at, _)| is_path_start(source, *at, name));
            findings
                .extend(uses.map(|(at, _)| source.finding(at, format!("{name} belongs into {}", rooms.join(", ")))));
        }
    }
    findings
}

/// Pure rooms do nothing but compute.
pub(super) fn purity(source: &Source) -> Vec<Finding> {
    if !source.is_of(PURE) {
        return Vec::new();
    }
    let uses = source.places(IMPURE);
    uses.map(|(at, name)| source.finding(at, format!("{name} in {}, which is pure", source.room()))).collect()
}

/// One file reads the clock.
pub(super) fn clock(source: &Source) -> Vec<Finding> {
    if source.path == "src/clock.rs" {
        return Vec::new();
    }
    let reads = source.places(CLOCK_READS);
    reads.map(|(at, name)| source.finding(at, format!("{name}: ask crate::clock::Clock"))).collect()
}

/// No panic without a reason written beside it.
pub(super) fn unwraps(source: &Source) -> Vec<Finding> {
    let unwraps = source.code.match_indices(".unwrap()");
    unwraps.map(|(at, _)| source.finding(at, "unwrap: handle it, or expect(\"why it cannot fail\")".into())).collect()
}

/// Nothing unfinished.
pub(super) fn unfinished(source: &Source) -> Vec<Finding> {
    source.places(UNFINISHED).map(|(at, name)| source.finding(at, format!("{name}…) is left"))).collect()
}

fn may_use(here: &str, room: &str) -> Result<(), String> {
    let layer = |room: &str| LAYERS.iter().position(|rooms| rooms.contains(&room));
    if here == room {
        return Ok(());
    }
    if LEAVES.contains(&room) {
        return if PURE.contains(&here) { Err("a pure room uses no leaf".into()) } else { Ok(()) };
    }
    let Some(there) = layer(room) else { return Err("no room in the table of tests/it/tidy/rules.rs".into()) };
    if FORBIDDEN.contains(&(here, room)) {
        return Err("this arrow is forbidden".into());
    }
    match layer(here) {
        Some(from) if from < there => Ok(()),
        Some(_) => Err("arrows point down only".into()),
        None if LEAVES.contains(&here) && room == "model" => Ok(()),
        None if LEAVES.contains(&here) => Err("a leaf uses no room but the model".into()),
        None => Err("this room is not in the table of tests/it/tidy/rules.rs".into()),
    }
}

/// What follows `crate` in `crate::a::b` or `crate::{a::b, c}`: the first steps.
fn heads(after: &str) -> Vec<&str> {
    let Some(path) = after.strip_prefix("::") else { return Vec::new() };
    let Some(group) = path.trim_start().strip_prefix('{') else { return vec![first_name(path)] };
    let (mut depth, mut start, mut heads) = (0_u32, 0, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' | ',' if depth == 0 => {
                heads.extend(Some(first_name(&group[start..at])).filter(|name| !name.is_empty()));
                start = at + 1;
                if letter == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads
}

fn first_name(path: &str) -> &str {
    path.trim_start().split(|letter| !is_name(letter)).next().unwrap_or_default()
}

/// Whether a crate's name at this place begins a path (`sled::open`) or a `use`, and is no step within one.
fn is_path_start(source: &Source, at: usize, name: &str) -> bool {
    let before = source.code[..at].trim_end();
    let after = &source.code[at + name.len()..];
    let imported = before.ends_with("use") || before.ends_with("extern crate");
    (after.starts_with("::") && !source.code[..at].ends_with("::")) || imported
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}
