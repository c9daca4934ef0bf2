//! What an import reads: JSON Lines, a JSON array, or a folder of files; each record with the place where it stands.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::files;

/// Longest line that is read: an entry fills at most 64 kB in the store, escapes may double that, and the rest is
/// room for a clear message about what is too large.
const LINE_BYTES_MAX: u64 = 1 << 20;
/// Largest array that is read, because it is held in memory as a whole; JSON Lines have no such bound.
const ARRAY_BYTES_MAX: u64 = 256 << 20;

/// A record or the reason why there is none at this place.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// `line 12`, or the path of the file.
    pub(super) place: String,
    /// What stands there.
    pub(super) content: Result<Value, String>,
}

/// The records of a source, in order.
pub(super) struct Records(Source);

enum Source {
    Lines { reader: BufReader<File>, number: usize, done: bool },
    Array { text: Vec<u8>, at: usize, line: usize, done: bool },
    Files { root: PathBuf, paths: std::vec::IntoIter<String> },
}

impl Records {
    /// Opens a file of JSON Lines or with a JSON array, or a folder as [`super::files`] describes it.
    ///
    /// # Errors
    /// What the disk says, or that an array is too large.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            let paths = files_below(path)?.into_iter();
            return Ok(Self(Source::Files { root: path.to_owned(), paths }));
        }
        let mut reader = BufReader::new(File::open(path)?);
        if first_letter(&mut reader)? != Some(b'[') {
            return Ok(Self(Source::Lines { reader, number: 0, done: false }));
        }
        let mut text = Vec::new();
        reader.take(ARRAY_BYTES_MAX + 1).read_to_end(&mut text)?;
        if text.len() as u64 > ARRAY_BYTES_MAX {
            let reason = format!("a JSON array may have {ARRAY_BYTES_MAX} bytes; use JSON Lines for more");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, reason));
        }
        let at = text.iter().position(|byte| *byte == b'[').map_or(0, |at| at + 1);
        let line = 1 + newlines(&text[..at]);
        Ok(Self(Source::Array { text, at, line, done: false }))
    }
}

impl Iterator for Records {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Source::Lines { reader, number, done } => next_line(reader, number, done),
            Source::Array { text, at, line, done } => next_item(text, at, line, done).map(Ok),
            Source::Files { root, paths } => {
                let path = paths.next()?;
                let text = match fs::read_to_string(root.join(&path)) {
                    Ok(text) => text,
                    Err(error) => return Some(Err(io::Error::new(error.kind(), format!("{path}: {error}")))),
                };
                let content = files::name_of(&path).and_then(|(kind, slug)| files::parse(kind, &slug, &text));
                Some(Ok(Record { place: path, content: content.map_err(|error| error.to_string()) }))
            }
        }
    }
}

fn first_letter(reader: &mut BufReader<File>) -> io::Result<Option<u8>> {
    let buffer = reader.fill_buf()?;
    // A byte order mark is no part of JSON, but editors write it.
    let text = buffer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(buffer);
    Ok(text.iter().copied().find(|byte| !byte.is_ascii_whitespace()))
}

fn next_line(reader: &mut BufReader<File>, number: &mut usize, done: &mut bool) -> Option<io::Result<Record>> {
    let mut line = Vec::new();
    while !*done {
        line.clear();
        match reader.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => {
                *done = true;
                return Some(Err(error));
            }
        }
        *number += 1;
        let place = format!("line {number}");
        if line.len() as u64 == LINE_BYTES_MAX && !line.ends_with(b"\n") {
            // Where the next line begins is not known; reading on would report nonsense.
            *done = true;
            return Some(Ok(Record { place, content: Err(format!("longer than {LINE_BYTES_MAX} bytes")) }));
        }
        let text = if *number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line };
        if text.trim_ascii().is_empty() {
            continue;
        }
        let content = serde_json::from_slice(text).map_err(|error| column(&error));
        return Some(Ok(Record { place, content }));
    }
    None
}

fn next_item(text: &[u8], at: &mut usize, line: &mut usize, done: &mut bool) -> Option<Record> {
    if *done {
        return None;
    }
    let skip = |at: &mut usize, line: &mut usize| {
        while let Some(byte) = text.get(*at).filter(|byte| byte.is_ascii_whitespace()) {
            *line += usize::from(*byte == b'\n');
            *at += 1;
        }
        text.get(*at)
    };
    if skip(at, line) == Some(&b']') {
        *done = true;
        let rest = text[*at + 1..].trim_ascii();
        let after = || Record { place: format!("line {line}"), content: Err("something follows the array".into()) };
        return (!rest.is_empty()).then(after);
    }
    let place = format!("line {line}");
    let mut items = serde_json::Deserializer::from_slice(&text[*at..]).into_iter::<Value>();
    let content = match items.next() {
        Some(Ok(value)) => {
            let end = *at + items.byte_offset();
            *line += newlines(&text[*at..end]);
            *at = end;
            Ok(value)
        }
        // Behind broken syntax nobody knows where the next item begins.
        Some(Err(error)) => {
            *done = true;
            let place = format!("line {}", *line + error.line().saturating_sub(1));
            return Some(Record { place, content: Err(column(&error)) });
        }
        None => {
            *done = true;
            return Some(Record { place, content: Err("the array does not end".into()) });
        }
    };
    match skip(at, line) {
        Some(b',') => *at += 1,
        Some(b']') => {}
        _ => {
            *done = true;
            return Some(Record { place, content: Err("a comma or the end of the array is missing after it".into()) });
        }
    }
    Some(Record { place, content })
}

/// serde names line and column; the line is ours to name.
fn column(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.rfind(" at line ").map_or(text.as_str(), |at| &text[..at]);
    format!("no JSON: {what} (column {})", error.column())
}

fn newlines(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte == b'\n').count()
}

/// Paths of the files `<kind>/<slug>.md` below a folder, sorted.
fn files_below(root: &Path) -> io::Result<Vec<String>> {
    let mut paths = Vec::new();
    for folder in fs::read_dir(root)? {
        let folder = folder?;
        if !folder.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(folder.path())? {
            let name = file?.file_name().into_string().unwrap_or_default();
            if name.ends_with(".md") && !name.starts_with('.') {
                paths.push(format!("{}/{name}", folder.file_name().to_string_lossy()));
            }
        }
    }
    paths.sort();
    Ok(paths)
}
