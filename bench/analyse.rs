//! Speed of the analyser in bytes of German text a second, on one core.
//!
//! `warm` is text whose words the cache knows, as in any longer run; `warm_with_grams` adds the
//! 4-grams of every word; `cold` is a text of nothing but new words, each seen once.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use mitmachbox::text::{Analyser, Form, LanguageData, grams};

/// Prose of the kind the entries are made of.
const PROSE: &str = "Ein Bürgerrat ist eine Gruppe ausgeloster Menschen, die sich über mehrere Wochenenden mit einer Frage der \
Stadtentwicklung befasst. Die Bürgerinnen und Bürger hören Fachleute an, beraten in moderierten Kleingruppen und schreiben \
ein Bürgergutachten mit Empfehlungen für den Rat. Die Auswahl geschieht per Zufall aus dem Melderegister: Zuerst werden \
einige Tausend Einwohner*innen angeschrieben, dann wird aus den Zusagen so gelost, dass Alter, Geschlecht, Bildung und \
Stadtteil der Bevölkerung ähneln. Für die Teilnahme gibt es eine Aufwandsentschädigung von etwa 50 Euro am Tag, \
Kinderbetreuung und bei Bedarf Gebärdensprachdolmetschen. Der Ablauf gliedert sich in Auftakt, Beratung und Übergabe; \
geeignet sind Fragen, bei denen es mehrere gute Lösungen gibt, etwa Klimaanpassung, Verkehrsberuhigung oder die Gestaltung \
eines Platzes. Nicht geeignet ist das Verfahren, wenn schon alles entschieden ist. Im World-Café dagegen wechseln die \
Teilnehmenden nach zwanzig Minuten den Tisch, und die Gastgeber:innen halten fest, was gesagt wurde. Die Verwaltung sollte \
vorher klären, was mit den Ergebnissen geschieht, und nach § 3 BauGB öffentlich darüber berichten. ";

fn words(c: &mut Criterion) {
    let text = PROSE.repeat(64);
    let analyser = Analyser::bundled();
    let mut group = c.benchmark_group("analyse");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("warm", |b| {
        b.iter(|| {
            analyser.words(black_box(&text), &mut |word| {
                black_box((word.stem, word.parts));
            })
        });
    });
    group.bench_function("warm_with_grams", |b| {
        b.iter(|| {
            analyser.words(black_box(&text), &mut |word| {
                black_box(word.stem);
                if word.form == Form::Simple && word.weight >= 1.0 {
                    grams(word.folded, &mut |gram| {
                        black_box(gram);
                    });
                }
            })
        });
    });

    let table = include_str!("../index-data/language/lexicon.tsv");
    // Every ninth key: twenty thousand different words, more than the cache holds.
    let new_words: Vec<&str> = table.lines().step_by(9).filter_map(|line| line.split('\t').next()).collect();
    let new_words = new_words.join(" ");
    group.throughput(Throughput::Bytes(new_words.len() as u64));
    group.sample_size(10);
    group.bench_function("cold", |b| {
        b.iter_batched(
            || Analyser::new(&LanguageData::bundled()).expect("bundled data"),
            |analyser| {
                analyser.words(black_box(&new_words), &mut |word| {
                    black_box(word.stem);
                })
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, words);
criterion_main!(benches);
