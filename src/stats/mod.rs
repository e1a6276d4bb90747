//! Intervals, tests, agreement.

pub mod agreement;
pub mod association;
pub mod interval;
pub mod quantile;
