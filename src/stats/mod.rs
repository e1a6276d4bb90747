//! Intervals, tests, agreement.
