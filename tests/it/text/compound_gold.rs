//! How well compounds are cut, on words drawn by lot and annotated before the splitter was looked at.

use std::collections::BTreeSet;

use mitmachbox::text::{Analyser, Form, LanguageData, normalise::fold};

const TABLES: [(&str, &str); 2] = [
    ("our entries", include_str!("../../gold/compounds-corpus.tsv")),
    ("common nouns", include_str!("../../gold/compounds-nouns.tsv")),
];

/// A word and the letters (of the folded word) at which its parts but the first begin; none for a simple one.
struct Annotated {
    word: String,
    starts: BTreeSet<usize>,
}

/// Which half of the tables: the rows used for tuning, or those held out.
#[derive(Clone, Copy, PartialEq)]
enum Half {
    Tuning,
    HeldOut,
}

fn rows(table: &str, half: Half) -> Vec<Annotated> {
    let rows = table.lines().filter(|line| !line.starts_with('#')).enumerate();
    let of_half = rows.filter(|(number, _)| (number % 2 == 0) == (half == Half::Tuning)).map(|(_, row)| row);
    let usable = of_half.filter_map(|row| row.split_once('\t')).filter(|(_, cuts)| !cuts.starts_with(['~', '?']));
    usable
        .map(|(word, cuts)| {
            let (mut starts, mut before) = (BTreeSet::new(), String::new());
            for part in cuts.split('|').filter(|_| cuts != "=") {
                if !before.is_empty() {
                    starts.insert(fold(&before).len());
                }
                before.push_str(&part.replace(['(', ')'], ""));
            }
            Annotated { word: word.to_owned(), starts }
        })
        .collect()
}

fn found(analyser: &Analyser, word: &str) -> BTreeSet<usize> {
    let words = analyser.analyse(word);
    let simple = words.iter().find(|word| word.form == Form::Simple).expect("a word");
    simple.parts.iter().skip(1).map(|part| fold(&word[..part.span.start]).len()).collect()
}

/// What came out of one half.
#[derive(Default)]
struct Score {
    right: usize,
    made: usize,
    wanted: usize,
    simple: usize,
    simple_cut: usize,
    wrong: Vec<String>,
}

impl Score {
    fn of(analyser: &Analyser, rows: &[Annotated]) -> Self {
        let mut score = Self::default();
        for row in rows {
            let found = found(analyser, &row.word);
            if row.starts.is_empty() {
                score.simple += 1;
                score.simple_cut += usize::from(!found.is_empty());
            } else {
                score.right += found.intersection(&row.starts).count();
                score.made += found.len();
                score.wanted += row.starts.len();
            }
            if found != row.starts {
                let words = analyser.analyse(&row.word);
                let parts: Vec<&str> = words[0].parts.iter().map(|part| &*part.folded).collect();
                score.wrong.push(format!("{} -> {}", row.word, parts.join("|")));
            }
        }
        score
    }

    fn f(&self) -> f64 {
        2.0 * self.right as f64 / (self.made + self.wanted) as f64
    }

    fn simple_cut_share(&self) -> f64 {
        self.simple_cut as f64 / self.simple as f64
    }
}

fn without_exceptions() -> Analyser {
    Analyser::new(&LanguageData { exceptions: "".into(), ..LanguageData::bundled() }).expect("valid")
}

#[test]
fn held_out_words_are_cut_right() {
    let without = without_exceptions();
    for (exceptions, analyser) in [("without exceptions", &without), ("with exceptions", Analyser::bundled())] {
        let mut all = Vec::new();
        for (name, table) in TABLES {
            let rows = rows(table, Half::HeldOut);
            let score = Score::of(analyser, &rows);
            eprintln!(
                "{exceptions}, {name}: P {:.3} R {:.3} F {:.3}, simple words cut {:.3} ({} of {})",
                score.right as f64 / score.made as f64,
                score.right as f64 / score.wanted as f64,
                score.f(),
                score.simple_cut_share(),
                score.simple_cut,
                score.simple
            );
            all.extend(rows);
        }
        let score = Score::of(analyser, &all);
        eprintln!("{exceptions}, all: F {:.3}, simple words cut {:.3}", score.f(), score.simple_cut_share());
        assert!(score.wanted >= 350 && score.simple >= 250, "the tables are large enough");
        assert!(score.f() >= 0.94, "{exceptions}: F {:.3}", score.f());
        assert!(score.simple_cut_share() <= 0.05, "{exceptions}: simple words cut {:.3}", score.simple_cut_share());
    }
}

/// For tuning: what is wrong in the half that may be looked at.
#[test]
fn words_for_tuning_are_cut_right() {
    let analyser = without_exceptions();
    for (name, table) in TABLES {
        let score = Score::of(&analyser, &rows(table, Half::Tuning));
        eprintln!(
            "{name}: F {:.3}, simple words cut {:.3}\n{}",
            score.f(),
            score.simple_cut_share(),
            score.wrong.join("\n")
        );
        assert!(score.f() >= 0.93 && score.simple_cut_share() <= 0.06, "{name}");
    }
}
