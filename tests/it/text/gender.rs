//! Gender forms.

use super::{only, parts};
use mitmachbox::text::Analyser;

#[test]
fn every_spelling_is_the_base_noun() {
    let spellings = [
        "Bürger*innen",
        "Bürger:innen",
        "Bürger_innen",
        "BürgerInnen",
        "Bürger/innen",
        "Bürger/-innen",
        "Bürger·innen",
        "Bürger•innen",
        "Bürger’innen",
        "Bürger'innen",
        "Bürger(innen)",
        "Bürger-innen",
        "Bürgerinnen",
        "Bürgerin",
        "Bürger*in",
        "Bürger:in",
        "BürgerIn",
        "Bürger/in",
        "Bürger/-in",
        "Bürger_in",
        "bürger*innen",
        "bürgerinnen",
        "BÜRGERINNEN",
        "Buerger:innen",
        "Bürger\u{ad}innen",
        "Bu\u{308}rger*innen",
        "BÜRGER*INNEN",
    ];
    let base = only("Bürger");
    for spelling in spellings {
        let word = only(spelling);
        assert_eq!((&*word.folded, &*word.stem), (&*base.folded, &*base.stem), "{spelling}");
        assert_eq!(word.span, 0..spelling.len(), "{spelling}");
    }
}

#[test]
fn compounds_with_a_gender_form_are_those_without() {
    let table = [
        (
            "Bürgerrat",
            &[
                "Bürger:innenrat",
                "Bürger*innenrat",
                "BürgerInnenrat",
                "bürgerinnenrat",
                "Bürger_innenrat",
                "Bürger/innenrat",
            ][..],
        ),
        ("Bürgerhaushalt", &["Bürger*innenhaushalt", "Bürgerinnenhaushalt", "BürgerInnenhaushalt"]),
        ("Bürgerversammlung", &["Bürgerinnenversammlung", "Bürger:innenversammlung"]),
        ("Schülervertretung", &["Schüler*innenvertretung", "SchülerInnenvertretung", "schülerinnenvertretung"]),
        ("Lehrerzimmer", &["Lehrerinnenzimmer"]),
        ("Studentenausweis", &["Student*innenausweis"]),
        ("Demokratenforum", &["Demokrat*innenforum"]),
        ("Kandidatenrunde", &["Kandidat:innenrunde"]),
        ("Ärztekammer", &["Ärzt*innenkammer"]),
        ("Nachbarnfest", &["Nachbar:innenfest"]),
        ("Expertengespräch", &["Expert:innengespräch", "Expertinnengespräch"]),
    ];
    for (base, forms) in table {
        let base = only(base);
        let part_stems =
            |word: &mitmachbox::text::OwnedWord| word.parts.iter().map(|part| part.stem.clone()).collect::<Vec<_>>();
        for form in forms {
            let word = only(form);
            assert_eq!(word.stem, base.stem, "{form}");
            assert_eq!(part_stems(&word), part_stems(&base), "{form}");
        }
    }
}

#[test]
fn other_nouns_for_people() {
    let table = [
        ("Ärztinnen", "Ärzte"),
        ("Kolleg:innen", "Kollegen"),
        ("Kolleginnen", "Kollege"),
        ("Student*innen", "Studenten"),
        ("Polizistinnen", "Polizist"),
        ("Moderatorin", "Moderator"),
        ("Expertinnen", "Experten"),
        ("Kund*innen", "Kunden"),
        ("Nachbarinnen", "Nachbarn"),
        ("Akteur*innen", "Akteure"),
        ("Freundinnen", "Freunde"),
        ("Soziologin", "Soziologe"),
        ("Oberbürgermeisterin", "Oberbürgermeister"),
        ("Kandidatinnen", "Kandidat"),
        ("Rechtsanwältinnen", "Rechtsanwalt"),
        ("Landwirtinnen", "Landwirte"),
        ("Teilnehmer/-innen", "Teilnehmer"),
        ("Vertreter:in", "Vertreter"),
    ];
    for (form, base) in table {
        assert_eq!(only(form).stem, only(base).stem, "{form} and {base}");
    }
}

#[test]
fn what_is_no_gender_form_stays() {
    let table = [
        ("LinkedIn", "linkedin"),
        ("PlugIn", "plugin"),
        ("LogIn", "login"),
        ("Berlin", "berlin"),
        ("Termin", "termin"),
        ("Schwerin", "schwerin"),
        ("Konstantin", "konstantin"),
        ("gewinnen", "gewinnen"),
        ("beginnen", "beginnen"),
        ("drinnen", "drinnen"),
        ("Dachrinnenreinigung", "dachrinnenreinigung"),
        ("Theaterinnenraum", "theaterinnenraum"),
        ("Medizin", "medizin"),
        ("Verein", "verein"),
        ("allein", "allein"),
        ("Spinnennetz", "spinnennetz"),
        ("worin", "worin"),
        ("Glycerin", "glycerin"),
        ("Innenstadt", "innenstadt"),
        ("Erinnerung", "erinnerung"),
    ];
    for (word, folded) in table {
        assert_eq!(only(word).folded, folded, "{word}");
    }
    // Two words, not one with a gender mark.
    for text in ["außen/innen", "Stadt/Land", "Bürger: innen", "und/in", "Antwort:ja", "file_in"] {
        let simple =
            Analyser::bundled().analyse(text).iter().filter(|word| word.form == mitmachbox::text::Form::Simple).count();
        assert_eq!(simple, 2, "{text}");
    }
}

#[test]
fn articles_and_adjectives_with_a_mark() {
    for (form, base) in
        [("jede*r", "jede"), ("eine:n", "eine"), ("Angestellte*r", "Angestellte"), ("Beauftragte:r", "Beauftragte")]
    {
        assert_eq!(only(form).stem, only(base).stem, "{form}");
    }
}

#[test]
fn the_second_half_of_a_pair_counts_once() {
    let table = [
        ("Bürgerinnen und Bürger", 2),
        ("Bürger und Bürgerinnen", 2),
        ("die Ärztinnen und die Ärzte", 4),
        ("Schüler oder Schülerinnen", 2),
        ("Lehrerinnen bzw. Lehrer", 2),
        ("Bürgerinnen/Bürger", 1),
        ("Bürgerinnen- und Bürgerrat", 0),
    ];
    for (text, position) in table {
        let words = Analyser::bundled().analyse(text);
        let repeated: Vec<u32> = words.iter().filter(|word| word.repeated).map(|word| word.position).collect();
        assert_eq!(repeated, [position], "{text}");
    }
    for text in
        ["Bürger und Bürger", "Bürgerinnen fragen ihre Bürger", "Frauen und Männer", "Bürgerinnen. Ein Haus. Bürger"]
    {
        assert!(Analyser::bundled().analyse(text).iter().all(|word| !word.repeated), "{text}");
    }
}

#[test]
fn parts_of_a_gendered_compound_point_into_the_text() {
    assert_eq!(parts("Bürger:innenrat"), "bürger:innen|rat");
    assert_eq!(parts("Bürgerinnenversammlung"), "bürgerinnen|versammlung");
}
