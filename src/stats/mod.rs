//! Intervals, tests, agreement.

pub mod association;
pub mod interval;
