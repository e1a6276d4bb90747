//! Intervals, tests, agreement.

pub mod agreement;
pub mod interval;
