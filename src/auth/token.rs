//! How a token looks and how it lies in the store.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::Token;

/// Keys of tokens in the store's tree for auth data.
pub(super) const PREFIX: &str = "token/";
/// Marks our tokens for people and for scanners that look for leaked secrets.
const MARK: &str = "mb_";
const SECRET_BYTES: usize = 32;
/// Bytes of the hash that make the id: enough to tell a few hundred tokens apart, useless for guessing.
const ID_BYTES: usize = 8;

/// The 256 bits, never stored.
pub(super) struct Secret {
    bytes: [u8; SECRET_BYTES],
    hash: [u8; 32],
}

/// A token in the store.
#[derive(Serialize, Deserialize)]
pub(super) struct Row {
    #[serde(flatten)]
    pub(super) token: Token,
    /// SHA-256 of the secret, hex.
    sha256: String,
}

impl Secret {
    pub(super) fn random() -> Self {
        Self::from_bytes(rand::random())
    }

    /// Reads what a bearer shows.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(MARK)?.as_bytes();
        if digits.len() != 2 * SECRET_BYTES {
            return None;
        }
        let mut bytes = [0; SECRET_BYTES];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = (nibble(pair[0])? << 4) | nibble(pair[1])?;
        }
        Some(Self::from_bytes(bytes))
    }

    fn from_bytes(bytes: [u8; SECRET_BYTES]) -> Self {
        Self { bytes, hash: Sha256::digest(bytes).into() }
    }

    pub(super) fn text(&self) -> String {
        format!("{MARK}{}", hex(&self.bytes))
    }

    pub(super) fn id(&self) -> String {
        hex(&self.hash[..ID_BYTES])
    }

    pub(super) fn key(&self) -> String {
        key_of(&self.id())
    }

    pub(super) fn row(&self, token: Token) -> Row {
        Row { token, sha256: hex(&self.hash) }
    }

    /// Compares the whole hash in constant time; the id only found the row.
    pub(super) fn matches(&self, row: &Row) -> bool {
        hex(&self.hash).as_bytes().ct_eq(row.sha256.as_bytes()).into()
    }
}

pub(super) fn key_of(id: &str) -> String {
    format!("{PREFIX}{id}")
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Lower case only: a secret has one spelling.
fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_back_and_nothing_else_does() {
        let secret = Secret::random();
        let text = secret.text();
        assert_eq!(text.len(), 67);
        assert_eq!(Secret::parse(&text).map(|read| read.bytes), Some(secret.bytes));
        for wrong in ["", "mb_", &text[3..], &text[..66], &format!("{text}0"), &text.to_uppercase(), "mb_é"] {
            assert!(Secret::parse(wrong).is_none(), "{wrong}");
        }
    }
}
