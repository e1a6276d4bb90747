//! What rates are compared by: year, industry, kind of report and the others.

use polars::prelude::{LazyFrame, lit};

use super::base::{self, GROUP_ORDER, INDUSTRY_ORDER, KIND_ORDER, REGIME_ORDER, SECTOR_ORDER, TSE33_ORDER};
use super::columns::*;
use super::disclosure::Disclosure;
use super::groups::{Grouping, Unit};
use super::size::{CAPITAL, EMPLOYEES, SEGMENT, SIZE_ORDER};

/// A way to compare, by the name it has in the column `factor`.
pub(super) struct Factor {
    pub id: &'static str,
    pub grouping: Grouping,
}

/// Every factor, in the order in which tables have them.
pub(super) fn factors() -> Vec<Factor> {
    let factor = |id, grouping| Factor { id, grouping };
    vec![
        factor("year", by_year()),
        factor("industry", by_industry()),
        factor("sector", by_sector()),
        factor("group", by_group()),
        factor("tse33", by_tse33()),
        factor("employees", by_class(|d| sized(d, EMPLOYEES))),
        factor("capital", by_class(|d| sized(d, CAPITAL))),
        factor("market_segment", by_class(|d| sized(d, SEGMENT))),
        factor("kind", by_kind()),
        factor("regime", by_regime()),
    ]
}

pub(super) fn by_year() -> Grouping {
    of_companies(base::EVERY, &[])
}

pub(super) fn by_industry() -> Grouping {
    of_companies(INDUSTRY_ORDER, &[INDUSTRY, SECTOR])
}

pub(super) fn by_sector() -> Grouping {
    of_companies(SECTOR_ORDER, &[SECTOR])
}

pub(super) fn by_group() -> Grouping {
    of_companies(GROUP_ORDER, &[GROUP])
}

/// Of the companies whose TSE-33 industry the manifest gives.
pub(super) fn by_tse33() -> Grouping {
    Grouping {
        units: |d| d.by_company.clone().filter(TSE33.expr().is_not_null()),
        ..of_companies(TSE33_ORDER, &[TSE33])
    }
}

/// By employees, capital and market segment below each other.
pub(super) fn by_size() -> Grouping {
    Grouping {
        units: |d| d.by_size.clone(),
        ..of_companies(SIZE_ORDER, &[SIZE_BY, SIZE])
    }
}

pub(super) fn by_kind() -> Grouping {
    of_documents(KIND_ORDER, &[KIND, REGIME])
}

pub(super) fn by_regime() -> Grouping {
    of_documents(REGIME_ORDER, &[REGIME])
}

fn by_class(units: fn(&Disclosure) -> LazyFrame) -> Grouping {
    Grouping {
        units,
        ..of_companies(SIZE_ORDER, &[SIZE])
    }
}

fn sized(disclosure: &Disclosure, by: &'static str) -> LazyFrame {
    disclosure.by_size.clone().filter(SIZE_BY.expr().eq(lit(by)))
}

fn of_companies(order: &'static str, keys: &[Column]) -> Grouping {
    Grouping {
        unit: Unit::Company,
        units: |d| d.by_company.clone(),
        order,
        keys: keys.to_vec(),
    }
}

fn of_documents(order: &'static str, keys: &[Column]) -> Grouping {
    Grouping {
        unit: Unit::Document,
        units: |d| d.by_document.clone(),
        order,
        keys: keys.to_vec(),
    }
}
