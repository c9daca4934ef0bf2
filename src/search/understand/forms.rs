//! The forms in which entries write a word: for phrases, and for what counts as the very word that was typed.

use crate::{
    index::{IndexError, plan::Phrase, snapshot::Snapshot},
    query::Clause,
    text::{Form, OwnedWord, normalise::transliterated},
};

/// Forms of one word of a phrase that are looked through; capitals, umlauts and gender marks make few.
const SPELLINGS_MAX: usize = 32;

/// A phrase, its words in all their spellings; empty where it has no words.
pub(super) fn phrase(snapshot: &Snapshot, clause: &Clause) -> Result<Phrase, IndexError> {
    let words = snapshot.shared.analyser.analyse(&clause.text);
    let simple: Vec<&OwnedWord> = words.iter().filter(|word| word.form == Form::Simple).collect();
    let first = simple.first().map_or(0, |word| word.position);
    let spelled = |word: &OwnedWord| Ok((word.position - first, spellings(snapshot, word)?));
    Ok(Phrase { words: simple.into_iter().map(spelled).collect::<Result<_, IndexError>>()? })
}

/// The form of a word as typed, and as entries spell it: "Bürgerrat" for "buergerrat", "Straße" for "strasse".
fn spellings(snapshot: &Snapshot, word: &OwnedWord) -> Result<Vec<String>, IndexError> {
    let typed = transliterated(&word.neutral);
    let mut forms = vec![word.neutral.clone()];
    for form in forms_folded_alike(snapshot, word)? {
        if transliterated(&form) == typed && !forms.contains(&form) {
            forms.push(form);
        }
    }
    Ok(forms)
}

/// The neutral forms in which entries write words that fold like this one.
pub(super) fn forms_folded_alike(snapshot: &Snapshot, word: &OwnedWord) -> Result<Vec<String>, IndexError> {
    let written = snapshot.forms_written(&word.folded, SPELLINGS_MAX)?.into_iter();
    let first = |written: String| snapshot.shared.analyser.analyse(&written).into_iter().next();
    Ok(written.filter_map(first).map(|word| word.neutral).collect())
}
