#!/usr/bin/env bash
# All checks of this repository, the quick ones first. The continuous integration runs this very script.
#
#   ./test.sh              every step but `long`
#   ./test.sh fmt clippy   only these steps
#   ./test.sh long         the long tier: hours of kills, power cuts and full disks, with figures for the record
#
# The first step that fails ends the run. A tool that is missing fails it where CI is set; elsewhere its step is
# SKIPPED, with the reason. TORTURE_ROUNDS=n makes the torture longer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

STEPS=(fmt clippy unit doctest doc schemas corpus browser torture licences)

fmt() { # every file is formatted by rustfmt
    component rustfmt cargo-fmt || return 0
    run cargo fmt --all --check
}

clippy() { # no warning of the compiler or of clippy
    component clippy cargo-clippy || return 0
    run cargo clippy --locked --all-targets -- -D warnings
}

unit() { # unit, property, integration and tidy tests; one process, because many share one searched collection
    run cargo test --locked --lib --bins --test it
}

doctest() { # the examples in the documentation of the code
    run cargo test --locked --doc
}

doc() { # the documentation builds, and its links lead somewhere
    RUSTDOCFLAGS="-D warnings" run cargo doc --locked --no-deps
}

schemas() { # schemas/ is what the Rust types say
    run cargo run --locked --quiet -- schema --check
}

corpus() { # the entries keep the rules of docs/CORPUS.md; prints a page about the collection
    run cargo run --locked --quiet -- check --corpus
}

browser() { # pages and widget in a browser: barriers, keyboard, policies, weight, paper
    node_20 || return 0
    tool chromium chromium || return 0
    run cargo build --locked
    run npm --prefix tests/browser ci --ignore-scripts --no-audit --no-fund --loglevel=error
    CARGO_TARGET_DIR=$(target_directory) run npm --prefix tests/browser test
}

torture() { # kills, power cuts, full disks, watched system calls: a short round of each
    tool strace strace || true
    tool mkfs.ext4 e2fsprogs || true
    run cargo test --locked --test torture
}

licences() { # licences, sources and known faults of the dependencies (deny.toml)
    if ! command -v cargo-deny >/dev/null; then
        skipped "cargo-deny is not installed (cargo install --locked cargo-deny); building it takes longer than all else"
        return 0
    fi
    run cargo deny --locked check licenses bans sources
    if cargo deny --locked fetch db >/dev/null 2>&1; then
        run cargo deny --locked check --disable-fetch advisories
    else
        skipped "the advisory database cannot be fetched from here"
    fi
}

long() { # the torture with fail points and many rounds; prints figures
    run env TORTURE_ROUNDS="${TORTURE_ROUNDS:-200}" cargo test --locked --release --features failpoints --test torture
}

# Prints a command and runs it.
run() {
    printf '  $ %s\n' "$*"
    "$@"
}

# Whether a component of the toolchain is there, after trying to add it.
component() {
    command -v "$2" >/dev/null && return 0
    if command -v rustup >/dev/null && rustup component add "$1"; then
        return 0
    fi
    missing "$1 is not installed (rustup component add $1)"
}

# Whether Node is there in a version that the browser tests know. It is needed for nothing else.
node_20() {
    local version
    version=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
    if [[ ${version:-0} -ge 20 ]] && command -v npm >/dev/null; then
        return 0
    fi
    missing "Node is not installed, or older than 20 (https://nodejs.org)"
}

# Where cargo puts what it builds.
target_directory() {
    cargo metadata --locked --offline --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/'
}

# Whether a command is there, after trying to install the Debian package that has it.
tool() {
    command -v "$1" >/dev/null && return 0
    if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
        if run apt-get update --quiet=2 && run apt-get install --quiet=2 --yes --no-install-recommends "$2"; then
            return 0
        fi
    fi
    missing "$1 is not installed (Debian package $2)"
}

# A tool that is needed is missing: fatal in CI.
missing() {
    if [[ -n "${CI:-}" ]]; then
        printf 'FAILED: %s\n' "$1" >&2
        exit 1
    fi
    skipped "$1"
    return 1
}

skipped() {
    printf '  SKIPPED: %s\n' "$1"
    skipped_steps+=("$step: $1")
}

# What a step does: the comment behind its name.
purpose() {
    sed -n "s/^$1() { # //p" "${BASH_SOURCE[0]}"
}

if ! command -v cargo >/dev/null; then
    printf 'FAILED: cargo is not installed; get Rust from https://rustup.rs (at least the rust-version of Cargo.toml)\n' >&2
    exit 1
fi

skipped_steps=()
chosen=("$@")
if [[ ${#chosen[@]} -eq 0 ]]; then
    chosen=("${STEPS[@]}")
fi
for step in "${chosen[@]}"; do
    if [[ ! " ${STEPS[*]} long " == *" $step "* ]]; then
        printf 'There is no step %s. Steps: %s long\n' "$step" "${STEPS[*]}" >&2
        exit 2
    fi
done

step=prepare
tool cc gcc || true
for step in "${chosen[@]}"; do
    trap 'printf "FAILED: %s\n" "$step" >&2' EXIT
    started=$SECONDS
    printf '== %s: %s\n' "$step" "$(purpose "$step")"
    "$step"
    trap - EXIT
    printf '   %s done in %d s\n' "$step" $((SECONDS - started))
done

if [[ ${#skipped_steps[@]} -gt 0 ]]; then
    printf '== SKIPPED\n'
    printf '   %s\n' "${skipped_steps[@]}"
fi
printf '== All steps that ran have passed: %s\n' "${chosen[*]}"
