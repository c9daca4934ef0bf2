//! Auth data: opaque JSON by key. Durable, but off the change log; a count and a digest guard it instead.
//!
//! The digest is the XOR of the hashes of all rows, kept in the tree `meta` by the same transaction and in `HEAD`,
//! so a lost or returned row is noticed without a log.

use serde::{Deserialize, Serialize};
use sled::Transactional;
use sled::transaction::{ConflictableTransactionError, TransactionError};

use super::apply::ApplyFault;
use super::codec::{self, CodecError, Digest};
use super::head::Mark;
use super::sled_db::{Trees, guarded, tree};

/// Key of the row in `meta`.
const META_KEY: &[u8] = b"tokens";

/// Row in `meta`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TokenMeta {
    pub seq: u64,
    pub digest: Digest,
}

/// One write.
#[derive(Clone, Debug)]
pub(super) struct TokenWrite {
    pub key: String,
    /// `None` deletes.
    pub json: Option<Vec<u8>>,
}

/// Applies writes in order in one transaction.
pub(super) fn apply(trees: &Trees, from: &Mark, writes: &[TokenWrite]) -> Result<Mark, ApplyFault> {
    let outcome = guarded(|| {
        let result = (&trees.tokens, &trees.meta).transaction(|(tokens, meta)| {
            let mut mark = *from;
            for TokenWrite { key, json } in writes {
                let key = key.as_bytes();
                let old = match json {
                    Some(json) => {
                        toggle(&mut mark.token_digest, key, json);
                        tokens.insert(key, codec::seal(tree::TOKENS, key, json))?
                    }
                    None => tokens.remove(key)?,
                };
                if let Some(old) = old {
                    let json = codec::open(tree::TOKENS, key, &old).map_err(ConflictableTransactionError::Abort)?;
                    toggle(&mut mark.token_digest, key, json);
                }
                mark.token_seq += 1;
            }
            let row = TokenMeta { seq: mark.token_seq, digest: mark.token_digest };
            meta.insert(META_KEY, codec::seal(tree::META, META_KEY, &codec::json(&row)))?;
            Ok(mark)
        });
        match result {
            Ok(mark) => Ok(Ok(mark)),
            Err(TransactionError::Abort(damaged)) => Ok(Err(ApplyFault::Damaged(damaged))),
            Err(TransactionError::Storage(e)) => Err(e),
        }
    });
    outcome.unwrap_or_else(|fault| Err(ApplyFault::Sled(fault)))
}

/// The row in `meta`; zeros in a store without tokens.
pub(super) fn meta(trees: &Trees) -> Result<TokenMeta, ApplyFault> {
    match guarded(|| trees.meta.get(META_KEY)).map_err(ApplyFault::Sled)? {
        None => Ok(TokenMeta::default()),
        Some(value) => codec::decode(tree::META, META_KEY, &value).map_err(ApplyFault::Damaged),
    }
}

/// The row in `meta`, sealed; a restore writes it together with the tokens.
pub(super) fn sealed_meta(seq: u64, digest: Digest) -> (&'static [u8], Vec<u8>) {
    (META_KEY, codec::seal(tree::META, META_KEY, &codec::json(&TokenMeta { seq, digest })))
}

/// The digest of all rows, computed anew.
pub(super) fn digest(trees: &Trees) -> Result<Digest, ApplyFault> {
    let mut digest = Digest::default();
    let rows = guarded(|| {
        for row in trees.tokens.iter() {
            let (key, value) = row?;
            match codec::open(tree::TOKENS, &key, &value) {
                Ok(json) => toggle(&mut digest, &key, json),
                Err(damaged) => return Ok::<_, sled::Error>(Err(damaged)),
            }
        }
        Ok(Ok::<(), CodecError>(()))
    });
    match rows.map_err(ApplyFault::Sled)? {
        Ok(()) => Ok(digest),
        Err(damaged) => Err(ApplyFault::Damaged(damaged)),
    }
}

/// Adds a row to the digest, or takes it out.
pub(super) fn toggle(digest: &mut Digest, key: &[u8], json: &[u8]) {
    let mut bytes = Vec::with_capacity(8 + key.len() + json.len());
    bytes.extend_from_slice(&(key.len() as u64).to_be_bytes());
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(json);
    for (into, from) in digest.iter_mut().zip(codec::sha256(&bytes)) {
        *into ^= from;
    }
}
