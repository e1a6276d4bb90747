//! First manifest.
mod year;
pub(crate) use year::year_in;
