//! Documents that repeat what the code says are held against it.

use std::collections::HashMap;
use std::fs;

use mitmachbox::{
    config::settings,
    http::{params::search::search_params, problem::PROBLEMS, routes::ROUTES},
    index::ranking::TABLE,
    search::finder::weights as finder,
    telemetry::METRICS,
};

use super::{files, report, root};

#[test]
fn the_reference_of_settings_is_that_of_the_program() {
    let document = fs::read_to_string(root().join("docs/SETTINGS.md")).expect("the document is there");
    let reference = settings::reference();
    assert!(document.ends_with(&reference), "docs/SETTINGS.md has to end with:\n{reference}");
}

#[test]
fn the_runbook_names_every_metric() {
    let runbook = fs::read_to_string(root().join("docs/OPERATIONS.md")).expect("the document is there");
    let missing: Vec<String> = METRICS
        .iter()
        .filter(|metric| !runbook.contains(&format!("`{}`", metric.name)))
        .map(|metric| metric.name.to_owned())
        .collect();
    report(&missing);
}

#[test]
fn the_table_of_weights_is_that_of_the_ranking() {
    let document = fs::read_to_string(root().join("docs/SEARCH.md")).expect("the document is there");
    let written = weights(&document);
    let table: toml::Table = TABLE.parse().expect("the table is checked by its own test");
    let broken: Vec<String> = table
        .iter()
        .map(|(name, value)| (name, numbers(value)))
        .filter(|(name, value)| written.get(name.as_str()) != Some(value))
        .map(|(name, value)| format!("docs/SEARCH.md: {name} is {value:?}, not {:?}", written.get(name.as_str())))
        .collect();
    report(&broken);
}

/// A weight, or one for each zone.
fn numbers(value: &toml::Value) -> Vec<f64> {
    match value {
        toml::Value::Table(zones) => {
            ["title", "lead", "label", "body"].iter().flat_map(|zone| numbers(&zones[*zone])).collect()
        }
        toml::Value::Integer(number) => vec![*number as f64],
        value => value.as_float().into_iter().collect(),
    }
}

/// The table under the heading `| weight | value |`: names in the first cell, their numbers in the second.
fn weights(document: &str) -> HashMap<&str, Vec<f64>> {
    let rows = document.lines().skip_while(|line| !line.starts_with("| weight | value |")).skip(2);
    let mut weights = HashMap::new();
    for row in rows.take_while(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = row.split('|').collect();
        let names: Vec<&str> = cells[1].split('`').skip(1).step_by(2).collect();
        let values: Vec<f64> =
            cells[2].replace("1,000", "1000").split([' ', '/', ',']).filter_map(|number| number.parse().ok()).collect();
        match names.as_slice() {
            [name] => drop(weights.insert(*name, values)),
            names => weights.extend(names.iter().copied().zip(values.into_iter().map(|value| vec![value]))),
        }
    }
    weights
}

#[test]
fn the_table_of_weights_is_that_of_the_format_finder() {
    let document = fs::read_to_string(root().join("docs/FORMATFINDER.md")).expect("the document is there");
    let written: HashMap<&str, &str> = document
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split('|').map(str::trim);
            Some((cells.next()?.trim_end_matches('`'), cells.next()?))
        })
        .collect();
    let table: toml::Table = finder::TABLE.parse().expect("the table is checked by its own test");
    let mut broken = Vec::new();
    for section in ["weight", "value", "specific", "cover", "limit"] {
        for (name, value) in table[section].as_table().expect("a section is a table") {
            let name = format!("{section}.{name}");
            let stated = written.get(name.as_str()).and_then(|text| text.parse::<f64>().ok());
            if stated.map(|number| vec![number]) != Some(numbers(value)) {
                broken.push(format!("docs/FORMATFINDER.md: {name} is {value}, not {stated:?}"));
            }
        }
    }
    report(&broken);
}

#[test]
fn the_short_form_of_the_contract_names_every_route_parameter_and_code() {
    let document = fs::read_to_string(root().join("docs/API.md")).expect("the document is there");
    let routes = ROUTES.iter().map(|route| format!("`{} {}`", route.method, route.path));
    let parameters = search_params().iter().map(|parameter| format!("`{}`", parameter.name));
    let codes = PROBLEMS.iter().map(|problem| format!("`{}`", problem.code));
    let missing: Vec<String> = routes.chain(parameters).chain(codes).filter(|name| !document.contains(name)).collect();
    report(&missing);
}

#[test]
fn the_safety_case_names_tests_that_exist() {
    let document = fs::read_to_string(root().join("docs/SAFETY.md")).expect("the document is there");
    let tests: String = files("rs")
        .iter()
        .filter(|path| path.starts_with(root().join("tests")))
        .filter_map(|path| fs::read_to_string(path).ok())
        .collect();
    // Names of tests are sentences; nothing else in backticks has three underscores.
    let named = document.split('`').skip(1).step_by(2).filter(|name| name.matches('_').count() >= 3);
    let missing: Vec<String> = named
        .filter(|name| name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_'))
        .filter(|name| !tests.contains(&format!("fn {name}(")))
        .map(str::to_owned)
        .collect();
    report(&missing);
}
