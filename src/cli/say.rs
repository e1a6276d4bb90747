//! Words to the user on standard error.

use std::fmt::Arguments;
use std::io::Write;

/// Writes a line to standard error.
///
/// `eprintln!` panics when nobody reads (`mieruka 2>&1 | head`); work that is done must not fail because of that.
pub(super) fn say(line: Arguments) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
