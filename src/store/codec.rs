//! How a value lies on the disk: one byte of format version, four of CRC-32, then JSON.
//!
//! The checksum covers tree name, key and value, so that a value found under another key is noticed as well.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::limits::VALUE_BYTES_MAX;

/// Version of the envelope and of the records in it. A newer number is refused, never guessed at.
pub(super) const FORMAT: u8 = 1;
const ENVELOPE_BYTES: usize = 5;

/// SHA-256.
pub(super) type Digest = [u8; 32];

/// Why a stored value cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum CodecError {
    /// Checksum, length or JSON is wrong.
    #[error("{tree}: value under key {key} is damaged ({what})")]
    Damaged { tree: &'static str, key: String, what: String },
    /// Written by a newer program.
    #[error("{tree}: value has format {found}, this program reads up to {FORMAT}")]
    Newer { tree: &'static str, found: u8 },
}

/// JSON of a record; the types stored here cannot fail to serialise.
pub(super) fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("stored types have string keys and no failing serialisers")
}

/// True if the JSON fits into a value.
pub(super) fn fits(json: &[u8]) -> bool {
    json.len() + ENVELOPE_BYTES <= VALUE_BYTES_MAX
}

/// Puts the envelope around JSON bytes.
pub(super) fn seal(tree: &'static str, key: &[u8], json: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(ENVELOPE_BYTES + json.len());
    value.push(FORMAT);
    value.extend_from_slice(&checksum(FORMAT, tree, key, json).to_le_bytes());
    value.extend_from_slice(json);
    value
}

/// The JSON bytes inside a stored value, checked.
pub(super) fn open<'a>(tree: &'static str, key: &[u8], value: &'a [u8]) -> Result<&'a [u8], CodecError> {
    let damaged = |what: &str| CodecError::Damaged { tree, key: hex(key), what: what.to_owned() };
    let (&version, rest) = value.split_first().ok_or_else(|| damaged("empty"))?;
    let (crc, json) = rest.split_at_checked(4).ok_or_else(|| damaged("too short"))?;
    if crc != checksum(version, tree, key, json).to_le_bytes() {
        return Err(damaged("checksum"));
    }
    if version > FORMAT {
        return Err(CodecError::Newer { tree, found: version });
    }
    Ok(json)
}

/// Reads a stored value.
pub(super) fn decode<T: DeserializeOwned>(tree: &'static str, key: &[u8], value: &[u8]) -> Result<T, CodecError> {
    let json = open(tree, key, value)?;
    serde_json::from_slice(json).map_err(|e| CodecError::Damaged { tree, key: hex(key), what: e.to_string() })
}

/// SHA-256 of some bytes.
pub(super) fn sha256(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).map(char::from).collect()
}

fn checksum(version: u8, tree: &str, key: &[u8], json: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&[version]);
    hasher.update(tree.as_bytes());
    hasher.update(key);
    hasher.update(json);
    hasher.finalize()
}
