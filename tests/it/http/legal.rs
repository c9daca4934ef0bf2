//! Pages of the operator: templates where nothing is set, the city's own where it is.

use std::fs;

use mitmachbox::config::{Config, Page};

use super::support::{House, shared};

const PAGES: &[(&str, &str, &str)] = &[
    ("/impressum", "Impressum", "Imprint"),
    ("/datenschutz", "Datenschutz", "Privacy"),
    ("/barrierefreiheit", "Erklärung zur Barrierefreiheit", "Accessibility statement"),
    ("/leichte-sprache", "Einfache Sprache", "Plain language"),
    ("/gebaerdensprache", "Gebärdensprache", "Sign language"),
];

/// The text of a page, without head and foot.
fn text(house: &House, path: &str) -> String {
    let answer = house.get(path);
    assert_eq!(answer.status, 200, "{path}");
    answer.text().split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap().to_owned()
}

#[test]
fn templates_say_what_the_city_has_to_add_in_both_languages() {
    for (path, german, english) in PAGES {
        for (path, title, missing) in [
            ((*path).to_owned(), german, ["rgänz", "fehlt"]),
            (format!("{path}?lang=en"), english, ["to be added", "missing"]),
        ] {
            let text = text(shared(), &path);
            assert!(text.contains(&format!("<h1>{title}</h1>")), "{path}: {text}");
            assert!(missing.iter().any(|word| text.contains(word)), "{path} says what is missing: {text}");
            assert!(!text.contains('{') && !text.contains('}'), "{path}: a place is left open: {text}");
            assert!(!text.contains("lang=\"de\""), "{path} speaks the language of the page");
            let headings: Vec<u32> =
                text.match_indices("<h").filter_map(|(at, _)| text[at + 2..].chars().next()?.to_digit(10)).collect();
            assert!(headings.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{path} skips a heading: {headings:?}");
            for link in text.split("href=\"/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let link = format!("/{}", link.replace("&amp;", "&"));
                assert_eq!(shared().get(&link).status, 200, "{path} links to {link}");
                assert_eq!(link.contains("lang=en"), path.contains("lang=en"), "{path} links to {link}");
            }
        }
    }
}

#[test]
fn templates_say_what_the_law_asks_for_and_what_is_true() {
    let statement = text(shared(), "/barrierefreiheit");
    for part in [
        "/hinweis?art=barriere",
        "ombudsstelle-barrierefreie-it@mags.nrw.de",
        "§ 10d BGG NRW",
        "steht noch aus",
        "teilweise",
    ] {
        assert!(statement.contains(part), "{part}");
    }
    let mut config = Config::default();
    config.limits.notice_email_days = 77;
    config.limits.notice_done_days = 88;
    config.site.operator = "Stadt *X* <b>".into();
    config.site.feedback_email = Some("post_stelle@stadt.example".into());
    let house = House::new(config);
    let privacy = text(&house, "/datenschutz");
    for part in ["spätestens nach 77 Tagen", "Wir löschen ihn 88 Tage", "Das Programm selbst macht zurzeit keine."] {
        assert!(privacy.contains(part), "{part}: {privacy}");
    }
    let imprint = text(&house, "/impressum");
    assert!(imprint.contains("Stadt *X* &lt;b&gt;"), "{imprint}");
    assert!(imprint.contains("href=\"mailto:post_stelle@stadt.example\""), "{imprint}");
    let easy = text(shared(), "/leichte-sprache");
    assert!(easy.contains("Er ist noch nicht geprüft."), "only what is checked is called Leichte Sprache");
}

#[test]
fn a_city_puts_its_own_pages_in_their_place() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("leicht.md");
    fs::write(&file, "# Willkommen\n\nDas ist [unsere Suche](/suche).\n\n<script>x</script>").unwrap();
    let mut config = Config::default();
    config.site.easy_language = Some(Page::File(file));
    config.site.sign_language = Some(Page::Address("https://stadt.example/dgs".into()));
    let house = House::new(config);
    let easy = text(&house, "/leichte-sprache?lang=en");
    for part in ["<h1>Easy language</h1>", "lang=\"de\"", "<h2>Willkommen</h2>", "href=\"/suche\"", "&lt;script&gt;"] {
        assert!(easy.contains(part), "{part}: {easy}");
    }
    let sign = house.get("/gebaerdensprache");
    assert_eq!((sign.status.as_u16(), sign.header("location")), (303, "https://stadt.example/dgs"));
}
