//! Fifty writers with one revision: one wins, the others are told.

use std::sync::Barrier;

use serde_json::Value;

use super::content;
use super::host::Place;
use crate::rounds;

const WRITERS: usize = 50;

pub(crate) fn run() -> Result<String, String> {
    let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
    let place = Place::new(dir.path())?;
    let (server, _) = place.start_ready()?;
    let rounds = rounds(3);
    for round in 0..rounds {
        one(&place, round).map_err(|e| format!("round {round}: {e}"))?;
    }
    server.stop()?;
    place.complaints(&["panicked", "ERROR"])?;
    Ok(format!("{rounds} times {WRITERS} writers with one revision: each time 1 x 200, {} x 412", WRITERS - 1))
}

fn one(place: &Place, round: u64) -> Result<(), String> {
    let path = "/api/v1/staff/entries";
    let created = place.staff().write("POST", path, None, &content(&format!("Wettlauf {round}")));
    let id = created.map_err(|e| e.to_string())?.json()["id"].as_str().unwrap_or_default().to_owned();
    let path = format!("{path}/{id}");
    let unnamed = place.staff().write("PUT", &path, None, &content("Ohne Revision")).map_err(|e| e.to_string())?;
    if unnamed.status != 428 {
        return Err(format!("without If-Match: {}", unnamed.status));
    }
    let start = Barrier::new(WRITERS);
    let answers: Vec<Result<(u16, Value), String>> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|n| {
                let (path, start) = (&path, &start);
                scope.spawn(move || {
                    let mut client = place.staff();
                    start.wait();
                    let answer = client.write("PUT", path, Some(1), &content(&format!("Wettlauf {round} von {n}")));
                    answer.map(|answer| (answer.status, answer.json())).map_err(|e| e.to_string())
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap_or_else(|_| Err("panicked".into()))).collect()
    });
    let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
    let won: Vec<&Value> = answers.iter().filter(|(status, _)| *status == 200).map(|(_, json)| json).collect();
    let told = answers.iter().filter(|(status, json)| *status == 412 && json["current"]["revision"] == 2).count();
    let [winner] = won[..] else { return Err(format!("{} writers won", won.len())) };
    if told != WRITERS - 1 {
        return Err(format!("{told} were told: {:?}", answers.iter().map(|(status, _)| status).collect::<Vec<_>>()));
    }
    let there = place.staff().get(&path).map_err(|e| e.to_string())?.json();
    if there["content"]["title"] != winner["content"]["title"] {
        return Err(format!("{} won, {} is there", winner["content"]["title"], there["content"]["title"]));
    }
    Ok(())
}
