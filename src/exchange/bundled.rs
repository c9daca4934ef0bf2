//! What the program ships: the folder `index-data`, built into the binary. The one place that reads it.

use std::borrow::Cow;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::files;
use crate::model::kind::Kind;
use crate::model::vocabulary::Vocabulary;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/index-data/entries"]
struct EntryFiles;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/index-data/vocabularies"]
struct VocabularyFiles;

/// The synonyms as shipped, TOML.
pub const SYNONYMS: &str = include_str!("../../index-data/language/synonyms.toml");

/// A shipped file is wrong; a mistake of the build.
#[derive(Debug, thiserror::Error)]
#[error("index-data/{path}: {problem}")]
pub struct BundleError {
    /// Below `index-data`.
    pub path: String,
    /// What is wrong.
    pub problem: String,
}

/// A shipped entry.
#[derive(Clone, Debug)]
pub struct ShippedEntry {
    /// Kind: the folder.
    pub kind: Kind,
    /// Slug: the file's name.
    pub slug: String,
    /// The file as it is.
    pub text: String,
    /// Its content; relations name slugs.
    pub content: Value,
}

/// All vocabularies, by name.
pub fn vocabularies() -> Result<Vec<Vocabulary>, BundleError> {
    let mut all = Vec::new();
    for path in sorted(VocabularyFiles::iter()) {
        let Some(name) = path.strip_suffix(".toml") else { continue };
        let error = |problem: String| BundleError { path: format!("vocabularies/{path}"), problem };
        let text = text_of(VocabularyFiles::get(&path)).map_err(error)?;
        let vocabulary: Vocabulary = toml::from_str(&text).map_err(|e| error(e.to_string()))?;
        if vocabulary.name != name {
            return Err(error(format!("the file is named otherwise than the vocabulary {}", vocabulary.name)));
        }
        all.push(vocabulary);
    }
    Ok(all)
}

/// All entries, by kind and slug.
pub fn entries() -> Result<Vec<ShippedEntry>, BundleError> {
    let mut all = Vec::new();
    for path in sorted(EntryFiles::iter()) {
        let error = |problem: String| BundleError { path: format!("entries/{path}"), problem };
        let (kind, slug) = files::name_of(&path).map_err(|e| error(e.to_string()))?;
        let text = text_of(EntryFiles::get(&path)).map_err(error)?;
        let content = files::parse(kind, &slug, &text).map_err(|e| error(e.to_string()))?;
        all.push(ShippedEntry { kind, slug, text, content });
    }
    Ok(all)
}

/// Version of the shipped data: the program's version and the first digits of a hash over every shipped byte.
pub fn dataset_version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let mut hasher = Sha256::new();
        for (path, file) in sorted(EntryFiles::iter())
            .into_iter()
            .map(|path| (path.clone(), EntryFiles::get(&path)))
            .chain(sorted(VocabularyFiles::iter()).into_iter().map(|path| (path.clone(), VocabularyFiles::get(&path))))
        {
            hasher.update(path.as_bytes());
            hasher.update([0]);
            hasher.update(file.map(|file| file.metadata.sha256_hash()).unwrap_or_default());
        }
        hasher.update(SYNONYMS);
        let digest = hasher.finalize();
        format!("{}+{:02x}{:02x}{:02x}{:02x}", env!("CARGO_PKG_VERSION"), digest[0], digest[1], digest[2], digest[3])
    });
    &VERSION
}

fn sorted(paths: impl Iterator<Item = Cow<'static, str>>) -> Vec<String> {
    let mut paths: Vec<String> = paths.map(Cow::into_owned).collect();
    paths.sort();
    paths
}

fn text_of(file: Option<rust_embed::EmbeddedFile>) -> Result<String, String> {
    let file = file.ok_or("the file is missing from the build")?;
    String::from_utf8(file.data.into_owned()).map_err(|e| e.to_string())
}
