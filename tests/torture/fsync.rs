//! System calls of a child that commits one by one: before each acknowledgement `store/gen-*/db` and then
//! `store/HEAD` have been synced.

use std::collections::HashMap;
use std::process::Command;

use crate::{Tally, Verdict};

const COMMITS: &str = "60";

pub(crate) fn run(tally: &mut Tally) {
    let dir = tempfile::tempdir().unwrap();
    let trace = dir.path().join("trace");
    let child = std::env::current_exe().unwrap();
    let strace = Command::new("strace")
        .args(["-f", "-y", "-s", "32", "-e", "trace=fdatasync,write", "-o"])
        .arg(&trace)
        .arg(child)
        .args(["child", &dir.path().join("data").display().to_string(), "11", "1", COMMITS])
        .output();
    let verdict = match strace {
        Err(e) => Verdict::Skipped(format!("needs strace: {e}")),
        Ok(output) if !output.status.success() => {
            Verdict::Skipped(format!("strace does not run here: {}", String::from_utf8_lossy(&output.stderr).trim()))
        }
        Ok(_) => match judge(&std::fs::read_to_string(&trace).unwrap_or_default()) {
            Ok(text) => Verdict::Passed(text),
            Err(text) => Verdict::Failed(text),
        },
    };
    tally.add("fsync", verdict);
}

/// Walks through the trace in the order in which calls ended.
fn judge(trace: &str) -> Result<String, String> {
    let (mut acks, mut bare, mut syncs) = (0, 0, 0);
    let (mut data, mut head) = (false, false);
    let mut unfinished: HashMap<&str, &str> = HashMap::new();
    for line in trace.lines() {
        let (pid, call) = line.split_once(' ').unwrap_or((line, ""));
        let call = call.trim_start();
        if call.contains("<unfinished ...>") {
            unfinished.insert(pid, call);
            continue;
        }
        let begun = if call.starts_with("<...") { unfinished.remove(pid).unwrap_or("") } else { call };
        if begun.starts_with("write(1") && begun.contains("\"ack ") {
            acks += 1;
            bare += u32::from(!(data && head));
            (data, head) = (false, false);
        } else if call.ends_with("= 0") && begun.starts_with("fdatasync(") {
            // Only our own call counts: sled's background thread uses fsync, whenever it likes.
            syncs += 1;
            data |= begun.contains("/db>");
            // HEAD counts only after the data.
            head |= data && begun.contains("/HEAD>");
        }
    }
    let text = format!(
        "{acks} acknowledgements, {bare} without syncs of data and then HEAD before them, {syncs} syncs in all"
    );
    if acks == 0 || bare > 0 { Err(text) } else { Ok(text) }
}
