//! Holds what the program says after a restart against what it acknowledged before.

use std::collections::BTreeMap;

use serde_json::Value;

use super::client::Client;
use super::content;
use super::host::Place;
use super::ledger::{Entry, Ledger};

/// Looks at every entry that was written to since the last time, and at the change feed after `since`.
/// Returns where the feed ends.
///
/// # Errors
/// The first thing that is lost, half there, or contradicts itself.
pub(crate) fn verify(place: &Place, ledger: &mut Ledger, since: u64) -> Result<u64, String> {
    let (mut staff, mut reader) = (place.staff(), place.reader());
    let newest = feed(&mut reader, ledger, since)?;
    for (id, entry) in ledger.entries.iter_mut().filter(|(_, entry)| entry.touched) {
        let public = one(&mut staff, &mut reader, id, entry).map_err(|e| format!("entry {id}: {e}"))?;
        if let Some((_, upsert)) = newest.changes.get(id)
            && *upsert != public
        {
            return Err(format!("entry {id}: the feed says public {upsert}, staff {public}"));
        }
        entry.touched = false;
    }
    Ok(newest.end)
}

struct Feed {
    end: u64,
    /// Newest change of each entry: number, and whether it became public.
    changes: BTreeMap<String, (u64, bool)>,
}

/// The feed has every number once, and says of acknowledged changes what was acknowledged.
fn feed(reader: &mut Client, ledger: &Ledger, since: u64) -> Result<Feed, String> {
    let mut feed = Feed { end: since, changes: BTreeMap::new() };
    loop {
        let page = get(reader, &format!("/api/v1/changes?since={}", feed.end))?;
        let changes = page["changes"].as_array().cloned().unwrap_or_default();
        if changes.is_empty() {
            break;
        }
        for change in changes {
            feed.end += 1;
            if change["seq"].as_u64() != Some(feed.end) {
                return Err(format!("the feed has a gap before {change}, expected {}", feed.end));
            }
            let id = change["id"].as_str().unwrap_or_default().to_owned();
            let upsert = change["op"] == "upsert";
            if let Some(acked) = ledger.public.get(&feed.end)
                && *acked != (id.clone(), upsert)
            {
                return Err(format!("change {} was acknowledged as {acked:?} and is {change}", feed.end));
            }
            feed.changes.insert(id, (feed.end, upsert));
        }
    }
    let lost = ledger.public.keys().next_back().filter(|newest| **newest > feed.end);
    lost.map_or(Ok(()), |lost| Err(format!("change {lost} was acknowledged, the feed ends at {}", feed.end)))?;
    Ok(feed)
}

/// One entry; tells whether it is public.
fn one(staff: &mut Client, reader: &mut Client, id: &str, entry: &Entry) -> Result<bool, String> {
    let path = format!("/api/v1/staff/entries/{id}");
    let record = get(staff, &path)?;
    let newest = record["revision"].as_u64().unwrap_or(0);
    if newest < entry.acked {
        return Err(format!("revision {} was acknowledged, {newest} is there", entry.acked));
    }
    let revisions = revisions(staff, &path)?;
    if !revisions.keys().copied().eq(1..=newest) {
        return Err(format!("revisions 1 to {newest} expected, there are {:?}", revisions.keys()));
    }
    for (number, title) in &entry.titles {
        if revisions[number]["content"]["title"] != title.as_str() {
            return Err(format!("revision {number} was acknowledged as {title:?}, it is {}", revisions[number]));
        }
    }
    for (number, revision) in revisions.iter().filter(|(_, revision)| !revision["content"].is_null()) {
        whole(&revision["content"], entry).map_err(|e| format!("revision {number}: {e}"))?;
    }
    let in_force = |at: u64| {
        let own = revisions.range(..=at).rev().map(|(_, revision)| &revision["content"]["title"]);
        own.into_iter().find(|title| !title.is_null()).cloned().unwrap_or_default()
    };
    if record["content"]["title"] != in_force(newest) {
        return Err(format!("staff see {} and not {}", record["content"]["title"], in_force(newest)));
    }
    let was_public = revisions.values().any(|revision| revision["action"] == "publish");
    let answer = reader.get(&format!("/api/v1/entries/{id}")).map_err(|e| e.to_string())?;
    let (expected, title) = match record["published"].as_u64() {
        Some(number) => (200, in_force(number)),
        None => (if was_public { 410 } else { 404 }, Value::Null),
    };
    if (answer.status, &answer.json()["title"]) != (expected, &title) && expected == 200 || answer.status != expected {
        return Err(format!("readers get {} {}, expected {expected} {title}", answer.status, answer.text()));
    }
    Ok(expected == 200)
}

/// Content that was sent, as a whole.
fn whole(content_there: &Value, entry: &Entry) -> Result<(), String> {
    let title = content_there["title"].as_str().unwrap_or_default();
    if !entry.tried.contains(title) {
        return Err(format!("{title:?} was never sent"));
    }
    let sent = content(title);
    for field in ["summary", "body", "topics"] {
        if content_there[field] != sent[field] {
            return Err(format!("{field} of {title:?} is not what was sent: {}", content_there[field]));
        }
    }
    Ok(())
}

fn revisions(staff: &mut Client, path: &str) -> Result<BTreeMap<u64, Value>, String> {
    let (mut all, mut before) = (BTreeMap::new(), String::new());
    loop {
        let page = get(staff, &format!("{path}/revisions{before}"))?;
        for revision in page["revisions"].as_array().into_iter().flatten() {
            all.insert(revision["number"].as_u64().unwrap_or(0), revision.clone());
        }
        match page["next"].as_u64() {
            Some(next) => before = format!("?before={next}"),
            None => return Ok(all),
        }
    }
}

fn get(client: &mut Client, path: &str) -> Result<Value, String> {
    let answer = client.get(path).map_err(|e| format!("{path}: {e}"))?;
    if answer.status == 200 { Ok(answer.json()) } else { Err(format!("{path}: {} {}", answer.status, answer.text())) }
}
