//! Keeps the house in order: what `ARCHITECTURE.md` and `CONTRIBUTING.md` promise about the code is checked here.
//!
//! The rules about code are in [`rules`]; [`examples`] holds them against small made-up files, so that a rule that
//! finds nothing any more is noticed. The rules about other files are below.

mod documents;
mod examples;
mod lex;
mod rules;

use std::fs;
use std::path::{Path, PathBuf};

use rules::{Finding, Source};

/// Longest Rust file in lines. What is longer has two subjects.
const LINES_MAX: usize = 500;

/// What is no part of the repository; nor are hidden directories, which hold the settings of somebody's tools.
const FOREIGN: &[&str] = &[".git", "target", "data", "node_modules"];

/// The hidden directory that is.
const HIDDEN: &str = ".ci";

/// Places that only the author's machine has. Written in halves so that this file does not break its own rule.
const PRIVATE_PLACES: &[(&str, &str)] = &[
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/Us", "ers/"),
    ("/fa", "rm/"),
    ("../sha", "red/"),
    (".libra", "ry/"),
    (".mirr", "or/"),
];

#[test]
fn arrows_between_rooms_point_down() {
    hold(rules::arrows);
}

#[test]
fn each_dependency_of_weight_has_one_door() {
    hold(rules::doors);
}

#[test]
fn pure_rooms_are_pure() {
    hold(rules::purity);
}

#[test]
fn one_file_reads_the_clock() {
    hold(rules::clock);
}

#[test]
fn nothing_unwraps_outside_tests() {
    hold(rules::unwraps);
}

#[test]
fn nothing_is_left_unfinished() {
    hold(rules::unfinished);
}

#[test]
fn files_have_one_subject() {
    let mut broken = Vec::new();
    for path in files("rs") {
        let lines = read(&path).map_or(0, |text| text.lines().count());
        if lines > LINES_MAX {
            broken.push(format!("{}: {lines} lines, at most {LINES_MAX}", shown(&path)));
        }
    }
    report(&broken);
}

#[test]
fn modules_are_files_named_like_them() {
    let broken: Vec<String> =
        files("rs").iter().map(|path| shown(path)).filter(|path| path.ends_with("mod.rs")).collect();
    report(&broken);
}

#[test]
fn no_file_speaks_of_the_machine_it_was_written_on() {
    let mut broken = Vec::new();
    for path in files("") {
        let Some(text) = read(&path) else { continue };
        broken.extend(private_places(&text).map(|line| format!("{}:{line}", shown(&path))));
    }
    report(&broken);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut broken = Vec::new();
    for path in files("md").iter().filter(|path| !path.starts_with(root().join("index-data/entries"))) {
        let text = read(path).unwrap_or_default();
        let folder = path.parent().unwrap_or(path);
        for (line, target) in links(&text) {
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !folder.join(file).exists() {
                broken.push(format!("{}:{line}: {target}", shown(path)));
            }
        }
    }
    report(&broken);
}

/// Holds a rule against all files below `src`.
#[track_caller]
fn hold(rule: fn(&Source) -> Vec<Finding>) {
    let sources: Vec<PathBuf> = files("rs").into_iter().filter(|path| path.starts_with(root().join("src"))).collect();
    assert!(sources.len() > 20, "the sources were not found");
    let mut broken = Vec::new();
    for path in sources {
        let source = Source::new(&shown(&path), &read(&path).unwrap_or_default());
        broken
            .extend(rule(&source).into_iter().map(|Finding { line, what }| format!("{}:{line}: {what}", source.path)));
    }
    report(&broken);
}

#[track_caller]
fn report(broken: &[String]) {
    assert!(broken.is_empty(), "{} place(s):\n{}", broken.len(), broken.join("\n"));
}

/// Lines that name a private place.
fn private_places(text: &str) -> impl Iterator<Item = usize> {
    let places = PRIVATE_PLACES.iter().map(|(one, other)| format!("{one}{other}")).collect::<Vec<_>>();
    let line_names = move |line: &str| places.iter().any(|place| line.contains(place));
    text.lines().enumerate().filter(move |(_, line)| line_names(line)).map(|(number, _)| number + 1)
}

/// Targets within the repository of the Markdown links and pictures in a text, with their lines. `{places}` of a template
/// are filled when the program starts.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    let (mut code, mut comment) = (false, false);
    for (number, line) in text.lines().enumerate() {
        code ^= line.trim_start().starts_with("```");
        comment = (comment || line.contains("<!--")) && !line.contains("-->");
        if code || comment || line.contains("<!--") {
            continue;
        }
        let targets = line.match_indices("](").filter_map(|(at, _)| line[at + 2..].split([')', ' ']).next());
        let inside = targets
            .filter(|target| !target.contains("://") && !target.starts_with("mailto:") && !target.starts_with('{'));
        links.extend(inside.map(|target| (number + 1, target)));
    }
    links
}

/// The text of a file; none where it is no text.
fn read(path: &Path) -> Option<String> {
    String::from_utf8(fs::read(path).expect("a file that was listed")).ok()
}

/// All files of the repository whose name ends in `.extension`; all where it is empty.
fn files(extension: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder that was listed") {
            let path = entry.expect("a folder that can be read").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let hidden = path.is_dir() && name.starts_with('.') && name != HIDDEN;
            if path.is_symlink() || hidden || FOREIGN.contains(&name) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if extension.is_empty() || path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A path as people write it, from the repository on.
fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
