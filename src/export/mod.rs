//! Frames → files.
