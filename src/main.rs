//! The `mieruka` binary: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    mieruka::cli::main()
}
