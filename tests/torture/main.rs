//! Long and rough tests, short by default: `cargo test --test torture -- [mode …]`.
//!
//! Of the store:
//! `kill` SIGKILLs a writing child at random times; `powercut` copies the file system under a stopped child, which
//! is what a power cut leaves; `full` fills a small file system; `fsync` watches the child's system calls; `faults`
//! makes each step of a commit fail (needs the feature `failpoints`); `speed` prints figures.
//! Of the program, over HTTP: `served` SIGKILLs it under writers and searchers; `served-index` deletes the index under
//! it; `served-race` lets fifty writers start from one revision; `served-space` fills its disk.
//! `TORTURE_ROUNDS` sets the number of rounds, `TORTURE_PROGRAM` another build of the program. What the machine does not allow is SKIPPED, with the reason.
//! The last line is `N passed, N failed, N skipped`; the exit code is not 0 if anything failed.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod acks;
mod child;
mod faults;
mod fsync;
mod full;
mod kill;
mod powercut;
mod service;
mod speed;

/// How one round or check ended.
pub(crate) enum Verdict {
    Passed(String),
    Failed(String),
    Skipped(String),
}

/// What all modes came to.
#[derive(Default)]
pub(crate) struct Tally {
    passed: u32,
    failed: u32,
    skipped: u32,
}

impl Tally {
    pub(crate) fn add(&mut self, name: &str, verdict: Verdict) {
        match verdict {
            Verdict::Passed(text) => {
                self.passed += 1;
                println!("{name}: passed; {text}");
            }
            Verdict::Failed(text) => {
                self.failed += 1;
                println!("{name}: FAILED; {text}");
            }
            Verdict::Skipped(text) => {
                self.skipped += 1;
                println!("{name}: SKIPPED; {text}");
            }
        }
    }
}

const MODES: [&str; 10] =
    ["kill", "powercut", "full", "fsync", "faults", "speed", "served", "served-index", "served-race", "served-space"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|a| a == "child") {
        child::run(&arguments[1..]);
        return;
    }
    if arguments.iter().any(|a| a == "--list") {
        println!("torture: test");
        return;
    }
    // Flags of the standard harness mean nothing here.
    let mut modes: Vec<&str> = arguments.iter().map(String::as_str).filter(|a| MODES.contains(a)).collect();
    if modes.is_empty() {
        modes = MODES.to_vec();
    }
    let mut tally = Tally::default();
    for mode in modes {
        match mode {
            "kill" => kill::run(&mut tally),
            "powercut" => powercut::run(&mut tally),
            "full" => full::run(&mut tally),
            "fsync" => fsync::run(&mut tally),
            "faults" => faults::run(&mut tally),
            "served" => service::killed(&mut tally),
            "served-index" => service::index(&mut tally),
            "served-race" => service::race(&mut tally),
            "served-space" => service::space(&mut tally),
            _ => speed::run(&mut tally),
        }
    }
    println!("{} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.skipped);
    if tally.failed > 0 {
        std::process::exit(1);
    }
}

/// Rounds of a mode: its short default, or what the environment asks for.
pub(crate) fn rounds(default: u64) -> u64 {
    std::env::var("TORTURE_ROUNDS").ok().and_then(|r| r.parse().ok()).unwrap_or(default)
}

/// A small generator; the seed is printed with every failure.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }
}

/// Runs a shell command; its error output is the error.
pub(crate) fn shell(command: &str) -> Result<(), String> {
    let output = std::process::Command::new("sh").arg("-c").arg(command).output().map_err(|e| e.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("`{command}`: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
