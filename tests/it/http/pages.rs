//! The pages, as the router answers them.

use mitmachbox::{
    config::Config,
    model::{facet::FACETS, id::EntryId},
};

use super::{
    support::{House, shared},
    web::contains,
};

#[test]
fn pages_work_without_scripts_and_for_everybody() {
    for path in [
        "/",
        "/suche?q=rat&topic=wohnen",
        "/eintrag/buergerrat",
        "/eintrag/aachen-buergerrat",
        "/themen",
        "/themen/purposes",
        "/themen/purposes/ideen_sammeln",
        "/a-z",
        "/daten",
        "/vergleich",
        "/vergleich?ids=world-cafe,fishbowl",
        "/merkliste?ids=world-cafe,aachen-buergerrat",
        "/ablauf?ids=world-cafe,fishbowl&q=rat",
        "/api",
        "/impressum",
        "/nirgends",
    ] {
        let answer = shared().get(path);
        let html = answer.text();
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        contains(
            html,
            &[
                "<html lang=\"de\">",
                "class=\"skip\" href=\"#inhalt\"",
                "<main id=\"inhalt\"",
                "<nav aria-label",
                "<title>",
            ],
        );
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
        assert!(!html.contains("<script>") && !html.contains(" onclick") && !html.contains(" style="), "{path}");
        for field in html.split("<input ").skip(1).map(|field| field.split('>').next().unwrap()) {
            let labelled = field.contains("type=\"hidden\"") || field.contains("form=\"") || html.contains("for=\"q\"");
            assert!(labelled, "{path}: {field}");
        }
        let style = html.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(shared().get(style).header("cache-control"), "public, max-age=31536000, immutable");
    }
    let css = include_str!("../../../src/web/assets/site.css");
    assert!(css.len() < 20 * 1024, "{} bytes", css.len());
}

#[test]
fn a_search_page_takes_what_the_api_takes_and_more() {
    let page = shared().get("/suche?q=rat&kind=formt&utm_source=x&page=0");
    assert_eq!(page.status, 200);
    contains(page.text(), &["„utm_source“ in der Adresse kennt die Suche nicht", "Der Wert für „kind“ passt nicht"]);
    let page = shared().get("/suche?q=Bürgerrat&format_type=analog&format_type=hybrid".replace('ü', "%C3%BC").as_str());
    contains(page.text(), &["value=\"analog\" checked", "value=\"hybrid\" checked", "form=\"suche\"", "Filter (2)"]);
    let page = shared().get("/suche?cost_max=k1&duration_max=tag");
    contains(page.text(), &["Was darf es kosten? </span>bis 4.999 €", "Wie lange darf es dauern? </span>ein Tag"]);
    let page = shared().get("/suche?q=B%C3%BCrgerrat&format_type=analog&format_type=hybrid");
    for facet in ["format_type", "topic", "kind", "participants"] {
        assert!(page.text().contains(&format!("name=\"{facet}\"")), "{facet}");
        assert!(FACETS.iter().any(|known| known.parameter == facet));
    }
}

#[test]
fn an_entry_page_shows_all_of_it() {
    contains(
        shared().get("/eintrag/buergerrat").text(),
        &[
            "<h1 lang=\"de\">Bürgerrat</h1>",
            "Kurz erklärt",
            "Auf einen Blick",
            "So geht’s",
            "Passt, wenn",
            "Passt nicht, wenn",
            "Stärken",
            "Schwächen",
            "Tipps",
            "Stolpersteine",
            "Was Sie brauchen",
            "Barrierefrei",
            "So haben es andere gemacht",
            "Dazu gelesen",
            "Quellen und Stand",
            "geprüft.",
            "Creative Commons Namensnennung 4.0",
            "application/ld+json",
            "<link rel=\"canonical\" href=\"/eintrag/buergerrat\">",
            "Ähnliche Einträge",
        ],
    );
    contains(shared().get("/eintrag/baenke-fuer-den-stadtteil").text(), &["Der Vorschlag", "Was heute nicht gut ist"]);
    let id = EntryId::of_seed("format", "fishbowl");
    let by_id = shared().get(&format!("/eintrag/{id}"));
    assert_eq!((by_id.status.as_u16(), by_id.header("location")), (308, "/eintrag/fishbowl"));
}

#[test]
fn english_pages_lead_to_english_pages() {
    for path in [
        "/",
        "/suche?q=rat&topic=wohnen&sort=title",
        "/eintrag/buergerrat",
        "/themen",
        "/themen/topics",
        "/themen/topics/verkehr",
        "/a-z",
        "/daten",
        "/vergleich?ids=world-cafe,fishbowl",
        "/merkliste?ids=world-cafe,buergerrat",
        "/ablauf?ids=world-cafe,fishbowl",
        "/api",
        "/impressum",
    ] {
        let english = format!("{path}{}lang=en", if path.contains('?') { '&' } else { '?' });
        let answer = shared().get(&english);
        let html = answer.text();
        assert_eq!(answer.status, 200, "{english}");
        contains(html, &["<html lang=\"en\">", "Skip to content", ">Deutsch</a>"]);
        let links = html.split("<a ").skip(1).map(|tag| tag.split('>').next().unwrap());
        for link in links.filter(|tag| tag.contains("href=\"/") && !tag.contains("hreflang")) {
            assert!(link.contains("lang=en") || link.contains("/api/v1/"), "{english}: {link}");
        }
        for form in html.split("<form ").skip(1) {
            let form = form.split("</form>").next().unwrap();
            assert!(form.contains("name=\"lang\" value=\"en\""), "{english}: {form}");
        }
        let back = html.split("hreflang=\"de\"").next().unwrap().rsplit("href=\"").next().unwrap();
        assert_eq!(back.split('"').next().unwrap().replace("&#38;", "&"), path, "the way back");
    }
}

#[test]
fn formats_stand_side_by_side() {
    let page = shared().get("/vergleich?ids=world-cafe,online-fishbowl");
    contains(
        page.text(),
        &[
            "Unterschiede.",
            "<span class=\"unseen\">Unterschied: </span>Wie viele Menschen",
            "16–250 Personen",
            "Passt, wenn",
            "href=\"/vergleich?ids=online-fishbowl\">entfernen",
            "href=\"/ablauf?ids=world-cafe,online-fishbowl\"",
        ],
    );
    let same = shared().get("/vergleich?ids=world-cafe,world-cafe");
    contains(same.text(), &["Schon dabei:", "Nehmen Sie noch eines dazu."]);
    let odd = shared().get("/vergleich?ids=world-cafe,fishbowl,mitwirkung-2-0,nirgends");
    contains(odd.text(), &["1 Eintrag ist kein Format", "1 Eintrag dieser Liste gibt es nicht mehr."]);
    let found = shared().get("/vergleich?ids=world-cafe&q=rat");
    contains(found.text(), &["Gefunden für „rat“", "href=\"/vergleich?ids=world-cafe,buergerrat\">Dazunehmen"]);
    let all = shared().get("/vergleich?ids=world-cafe,fishbowl,online-fishbowl,buergerrat");
    assert!(!all.text().contains("Welches Format soll dazu?"), "there is no room for a fifth");
}

#[test]
fn a_shortlist_is_its_address() {
    let page = shared().get("/merkliste?ids=fishbowl,aachen-buergerrat&ids=world-cafe");
    let html = page.text();
    contains(
        html,
        &[
            "3 Einträge.",
            "href=\"/merkliste?ids=fishbowl,aachen-buergerrat,world-cafe\"",
            "href=\"/merkliste?ids=aachen-buergerrat,fishbowl,world-cafe\">nach oben",
            "href=\"/merkliste?ids=fishbowl,world-cafe\">entfernen",
            "Die Formate vergleichen",
        ],
    );
    let order: Vec<usize> = ["/eintrag/fishbowl", "/eintrag/aachen-buergerrat", "/eintrag/world-cafe"]
        .map(|url| html.find(url).unwrap())
        .into();
    assert!(order.is_sorted(), "in the order of the address");
    let export = shared().get("/api/v1/export.csv?ids=fishbowl,aachen-buergerrat,world-cafe");
    assert_eq!(export.text().lines().filter(|line| line.contains("/eintrag/")).count(), 3, "{}", export.text());
    contains(shared().get("/merkliste").text(), &["Hier ist noch nichts."]);
    let payload = shared().get("/merkliste?ids=%3Cscript%3E&q=%3Cscript%3Ealert(1)%3C/script%3E");
    assert!(!payload.text().contains("<script>"), "{}", payload.text());
}

#[test]
fn a_process_adds_up() {
    let page = shared().get("/ablauf?ids=fishbowl,world-cafe,buergerrat");
    contains(
        page.text(),
        &[
            "Zeit für alle Termine",
            "Kosten zusammen",
            "31.300–166.000 €",
            "„Fishbowl“ und „World Café“ lassen sich gut verbinden.",
            "Noch ohne Format:",
            "href=\"/finder?phase=vorbereitung\"",
            "href=\"/ablauf?ids=world-cafe,buergerrat,fishbowl\">Nach Phasen ordnen",
            "href=\"/ablauf?ids=world-cafe,fishbowl,buergerrat\">später",
        ],
    );
    assert!(!page.text().contains("eher früher"), "each of them still has a phase to come");
    let late = shared().get("/ablauf?ids=buergerrat,online-fishbowl,buergerrat,world-cafe");
    assert_eq!(late.text().matches("eher früher").count(), 1, "the collection of ideas is over when it comes");
    contains(shared().get("/ablauf").text(), &["Stellen Sie Formate zu einem Ablauf zusammen."]);
}

#[test]
fn a_search_is_a_feed_too() {
    let feed = shared().get("/suche.atom?q=fishbowl&kind=format");
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    let xml = feed.text();
    contains(
        xml,
        &[
            "<title>Mitmachbox: „fishbowl“</title>",
            "<link rel=\"alternate\" type=\"text/html\" href=\"/suche?q=fishbowl&amp;kind=format\"/>",
            "<link rel=\"alternate\" type=\"text/html\" href=\"/eintrag/online-fishbowl\"/>",
        ],
    );
    assert_eq!(xml.matches("<entry>").count(), 2, "{xml}");
    assert_eq!(xml.matches("<updated>").count(), 3, "one for each and one for the feed");
    let page = shared().get("/suche?q=fishbowl&kind=format");
    contains(page.text(), &["type=\"application/atom+xml\"", "href=\"/suche.atom?q=fishbowl&#38;kind=format\""]);
    for link in ["/api/v1/export.csv?q=fishbowl&kind=format", "/api/v1/export.json?q=fishbowl&kind=format"] {
        contains(page.text(), &[&link.replace('&', "&#38;")]);
        assert_eq!(shared().get(link).status, 200);
    }
}

#[test]
fn names_are_found_under_their_letter() {
    let page = shared().get("/a-z");
    let html = page.text();
    contains(html, &["<h2 id=\"F\">F</h2>", "href=\"/eintrag/fishbowl\" lang=\"de\">Fishbowl</a>"]);
    let names: Vec<usize> = ["Bänke", "Bürgerrat</a>"].map(|name| html.find(name).unwrap()).into();
    assert!(names.is_sorted(), "umlauts stand with their letters");
    contains(html, &["href=\"/eintrag/fishbowl\" lang=\"de\">Aquarium</a> <span class=\"small soft\">→"]);
}

#[test]
fn terms_have_pages() {
    contains(shared().get("/themen/topics").text(), &["<h1>Thema</h1>", "href=\"/themen/topics/verkehr\"", "<dd>"]);
    contains(
        shared().get("/themen/format_types/digital").text(),
        &["Digital</h1>", "href=\"/suche?format_type=digital\">Alle ansehen", "/eintrag/online-fishbowl"],
    );
    for path in ["/themen/nirgends", "/themen/topics/nirgends", "/themen/relation_types", "/themen/costs"] {
        assert_eq!(shared().get(path).status, 404, "{path}");
    }
}

#[test]
fn machines_find_their_way() {
    let config = Config { public_url: Some("https://mitmachen.example".into()), ..Config::default() };
    let house = House::new(config);
    contains(house.get("/robots.txt").text(), &["Disallow: /suche?", "Sitemap: https://mitmachen.example/sitemap.xml"]);
    let sitemap = house.get("/sitemap.xml");
    contains(
        sitemap.text(),
        &[
            "<loc>https://mitmachen.example/a-z</loc>",
            "<loc>https://mitmachen.example/eintrag/fishbowl</loc><lastmod>20",
        ],
    );
    assert_eq!(sitemap.text().matches("/eintrag/").count(), 8, "each public entry once");
    contains(house.get("/opensearch.xml").text(), &["template=\"https://mitmachen.example/suche?q={searchTerms}\""]);
    assert!(!shared().get("/robots.txt").text().contains("Sitemap"), "without a host there is no address");
}
