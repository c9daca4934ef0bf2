//! The one place that writes to the terminal.

use std::fmt::{Arguments, Display};
use std::io::{self, Write};

/// Writes a line to standard output.
pub(super) fn say(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

/// Writes a text to standard output, as it is.
pub(super) fn text(text: &str) -> io::Result<()> {
    io::stdout().lock().write_all(text.as_bytes())
}

/// Writes a line to standard error. If not even that works, there is nobody to tell.
pub(super) fn complain(line: Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// What the rooms below have to say about repairs and the like.
pub(super) fn warnings_to_stderr() {
    let log = tracing_subscriber::fmt().with_writer(io::stderr).with_max_level(tracing::Level::WARN);
    // A second one in the same process (tests) changes nothing.
    let _ = log.with_target(false).without_time().try_init();
}

/// Whether an error comes from writing to a pipe that nobody reads any more.
pub(super) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}
