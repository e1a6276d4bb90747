//! A coding scheme: a TOML file that a researcher edits, compiled once and shared.
