# Recipes for every day. Each is one line; what has logic is in test.sh or in the program.

# Lists the recipes.
default:
    @just --list

# Starts the service on http://127.0.0.1:8080.
serve *arguments:
    cargo run --release -- serve {{arguments}}

# All checks, as the continuous integration runs them.
test *steps:
    ./test.sh {{steps}}

# What to run before every commit: format, lint, tests.
quick:
    ./test.sh fmt clippy unit

# The rules of the house alone.
tidy:
    cargo test --test it tidy

# Hours of kills, power cuts and full disks.
long:
    ./test.sh long

# Writes schemas/ anew from the Rust types.
schemas:
    cargo run -- schema


# Opens the documentation of the code.
doc:
    cargo doc --no-deps --open

# Runs the benches; bench/README.md says how to read them.
bench *arguments:
    cargo bench {{arguments}}
