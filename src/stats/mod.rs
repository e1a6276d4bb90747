//! Intervals, tests, agreement.

pub mod interval;
