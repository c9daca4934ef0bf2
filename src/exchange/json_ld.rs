//! Public entries in the words of schema.org, for search engines.

use serde_json::{Map, Value, json};

use crate::{
    model::{
        entry::{Common, Profile},
        kind::FormatType,
        profile::{CaseProfile, FormatProfile, GuideProfile},
        vocabulary::{Language, Vocabularies},
    },
    search::response::EntryView,
};

/// The entry as JSON-LD: a format is a `HowTo`, a case an `Event`, a guide a `Book` or `CreativeWork`.
pub fn json_ld(view: &EntryView, url: &str, vocabularies: &Vocabularies) -> Value {
    let common = &view.public.entry.common;
    let mut thing = Map::new();
    thing.insert("@context".into(), "https://schema.org".into());
    match &view.public.entry.profile {
        Profile::Format(profile) => how_to(&mut thing, profile),
        Profile::BestPractice(profile) => event(&mut thing, common, profile),
        Profile::Guide(profile) => book(&mut thing, profile),
        Profile::Concept(_) | Profile::Idea(_) => drop(thing.insert("@type".into(), "CreativeWork".into())),
    }
    shared(&mut thing, view, url, vocabularies);
    Value::Object(thing)
}

/// JSON that can stand in a `<script>` block: whatever could end or open one is escaped.
pub fn script_safe(json: &Value) -> String {
    json.to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

fn shared(thing: &mut Map<String, Value>, view: &EntryView, url: &str, vocabularies: &Vocabularies) {
    let common = &view.public.entry.common;
    let mut put = |name: &str, value: Value| {
        thing.insert(name.into(), value);
    };
    put("@id", url.into());
    put("url", url.into());
    put("identifier", view.public.id.to_string().into());
    put("name", common.title.clone().into());
    put("description", common.summary.clone().into());
    put("inLanguage", common.language.clone().into());
    if !common.alternative_titles.is_empty() {
        put("alternateName", common.alternative_titles.clone().into());
    }
    let mut keywords: Vec<&str> =
        common.topics.iter().map(|topic| vocabularies.label("topics", topic, Language::German)).collect();
    keywords.extend(common.keywords.iter().map(String::as_str));
    if !keywords.is_empty() {
        put("keywords", keywords.join(", ").into());
    }
    // Events have no licence or dates of a text in schema.org.
    if !matches!(view.public.entry.profile, Profile::BestPractice(_)) {
        put("datePublished", view.public.derived.published_at.to_string().into());
        put("dateModified", view.public.derived.updated_at.to_string().into());
        put("isAccessibleForFree", true.into());
        if !common.license.is_empty() {
            put("license", format!("https://spdx.org/licenses/{}.html", common.license).into());
        }
    }
}

fn how_to(thing: &mut Map<String, Value>, profile: &FormatProfile) {
    thing.insert("@type".into(), "HowTo".into());
    let steps = profile.steps.iter().enumerate().map(
        |(index, step)| json!({ "@type": "HowToStep", "position": index + 1, "name": step.title, "text": step.text }),
    );
    let steps: Vec<Value> = steps.collect();
    if !steps.is_empty() {
        thing.insert("step".into(), steps.into());
    }
    if !profile.materials.is_empty() {
        let supply = profile.materials.iter().map(|name| json!({ "@type": "HowToSupply", "name": name }));
        thing.insert("supply".into(), supply.collect());
    }
    if let Some(minutes) = profile.duration_minutes_max.or(profile.duration_minutes_min) {
        thing.insert("totalTime".into(), format!("PT{minutes}M").into());
    }
    if let Some(low) = profile.cost_eur_min {
        let high = profile.cost_eur_max.unwrap_or(low);
        thing.insert(
            "estimatedCost".into(),
            json!({ "@type": "MonetaryAmount", "currency": "EUR", "minValue": low, "maxValue": high }),
        );
    }
}

fn event(thing: &mut Map<String, Value>, common: &Common, profile: &CaseProfile) {
    thing.insert("@type".into(), "Event".into());
    for (name, date) in [("startDate", &profile.begins_on), ("endDate", &profile.ends_on)] {
        if let Some(date) = date {
            thing.insert(name.into(), date.clone().into());
        }
    }
    let mode = match common.format_types.as_slice() {
        [FormatType::Analog] => Some("OfflineEventAttendanceMode"),
        [FormatType::Digital] => Some("OnlineEventAttendanceMode"),
        [] => None,
        _ => Some("MixedEventAttendanceMode"),
    };
    if let Some(mode) = mode {
        thing.insert("eventAttendanceMode".into(), format!("https://schema.org/{mode}").into());
    }
    if let Some(town) = &profile.municipality {
        let place = json!({
            "@type": "Place",
            "name": profile.venue.as_ref().unwrap_or(town),
            "address": { "@type": "PostalAddress", "addressLocality": town, "addressCountry": profile.country },
        });
        thing.insert("location".into(), place);
    }
    if let Some(organiser) = &profile.commissioned_by {
        thing.insert("organizer".into(), json!({ "@type": "Organization", "name": organiser }));
    }
}

fn book(thing: &mut Map<String, Value>, profile: &GuideProfile) {
    thing.insert("@type".into(), if profile.isbn.is_some() { "Book" } else { "CreativeWork" }.into());
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            thing.insert(name.into(), value);
        }
    };
    let named = |kind: &str, names: &[String]| -> Option<Value> {
        (!names.is_empty()).then(|| names.iter().map(|name| json!({ "@type": kind, "name": name })).collect())
    };
    put("author", named("Person", &profile.authors));
    put("publisher", named("Organization", &profile.publishers));
    put("copyrightYear", profile.year.map(Value::from));
    put("isbn", profile.isbn.clone().map(Value::from));
    put("numberOfPages", profile.pages.filter(|_| profile.isbn.is_some()).map(Value::from));
    put("bookEdition", profile.edition.clone().filter(|_| profile.isbn.is_some()).map(Value::from));
    put("sameAs", profile.full_text_url.clone().map(Value::from));
}
