//! The same passages counted by other items than the scheme's codes: its facets, and the items of other frames
//! (主要5項目, editions of the 経営ガイドライン). What differs is only which items a passage belongs to.

use polars::prelude::{DataFrame, IntoLazy, LazyFrame, PolarsResult, SortMultipleOptions, col, cols};

use super::base::{COMPANY_ORDER, ITEM, ints, texts};
use super::by_factor::{self, FACTOR_ORDER, MEMBER_ORDER, by_factor, wide_table};
use super::columns::*;
use super::disclosure::{Disclosure, Source};
use super::factors::{by_industry, by_kind, by_year};
use super::groups::{Grouping, rates};
use super::units::{company_columns, side_by_side};
use super::{Classification, CodeLabel, Crosswalk, Table, TableOptions};

/// Place of the frame an item is of.
const SET_ORDER: &str = "_set";

/// Name and title of a table.
type Name = (&'static str, &'static str);

/// What the tables of a set of items are called.
struct Names {
    company: Name,
    company_table: Name,
    rates: Name,
    table: Name,
}

const FACET_TABLES: Names = Names {
    company: ("facet_company", "企業別・細目別の開示"),
    company_table: ("facet_company_table", "企業比較表（細目の該当箇所数）"),
    rates: ("facet_rates", "細目別の開示率（すべての分け方）"),
    table: ("facet_table", "比較表（細目の開示率、すべての分け方）"),
};

const FRAME_TABLES: Names = Names {
    company: ("frame_company", "枠組み別：企業ごとの開示"),
    company_table: ("frame_company_table", "企業比較表（枠組みの項目の該当箇所数）"),
    rates: ("frame_rates", "枠組み別の開示率（すべての分け方）"),
    table: ("frame_table", "比較表（枠組みの項目の開示率、すべての分け方）"),
};

/// Items with who discloses them.
struct Items<'a> {
    disclosure: Disclosure,
    labels: Vec<CodeLabel>,
    /// A row per item: what the tables say of it.
    named: LazyFrame,
    /// The columns that stand first.
    leading: &'static [Column],
    /// The columns that name an item.
    naming: &'static [Column],
    options: &'a TableOptions,
}

/// The tables by facet.
pub(super) fn facet_tables(source: Source<'_>, codes: &[CodeLabel]) -> PolarsResult<Vec<Table>> {
    const NAMING: &[Column] = &[CODE, CATEGORY, CATEGORY_EN, FACET, FACET_JA, FACET_EN];
    let facets = &source.options.facets;
    let unknown = CodeLabel::default();
    let parents: Vec<&CodeLabel> = facets
        .iter()
        .map(|facet| {
            codes
                .iter()
                .find(|code| code.id == facet.code)
                .unwrap_or(&unknown)
        })
        .collect();
    let named = DataFrame::new(
        facets.len(),
        vec![
            ints(ITEM, 0..facets.len() as i64),
            ints(SET_ORDER, facets.iter().map(|_| 0)),
            texts(&CODE.id, parents.iter().map(|code| code.id.as_str())),
            texts(&CATEGORY.id, parents.iter().map(|code| code.ja.as_str())),
            texts(&CATEGORY_EN.id, parents.iter().map(|code| code.en.as_str())),
            texts(&FACET.id, facets.iter().map(|facet| facet.label.id.as_str())),
            texts(&FACET_JA.id, facets.iter().map(|facet| facet.label.ja.as_str())),
            texts(&FACET_EN.id, facets.iter().map(|facet| facet.label.en.as_str())),
        ],
    )?;
    let labels: Vec<CodeLabel> = facets.iter().map(|facet| facet.label.clone()).collect();
    let classification = Classification::by_code(&labels);
    Items {
        disclosure: Disclosure::by(source, &classification)?,
        labels,
        named: named.lazy(),
        leading: &[],
        naming: NAMING,
        options: source.options,
    }
    .tables(&FACET_TABLES)
}

/// The tables by the items of other frames, the frame named in the first column.
pub(super) fn frame_tables(source: Source<'_>) -> PolarsResult<Vec<Table>> {
    const LEADING: &[Column] = &[FRAME];
    const NAMING: &[Column] = &[CODE, CATEGORY, CATEGORY_EN];
    let frames = &source.options.crosswalks;
    let of: Vec<(usize, &Crosswalk, &CodeLabel)> = frames
        .iter()
        .enumerate()
        .flat_map(|(place, frame)| {
            let labels = frame.classification.labels().iter();
            labels.map(move |label| (place, frame, label))
        })
        .collect();
    let named = DataFrame::new(
        of.len(),
        vec![
            ints(ITEM, 0..of.len() as i64),
            ints(SET_ORDER, of.iter().map(|(place, _, _)| *place as i64)),
            texts(&FRAME.id, of.iter().map(|(_, frame, _)| frame.id.as_str())),
            texts(&CODE.id, of.iter().map(|(_, _, label)| label.id.as_str())),
            texts(&CATEGORY.id, of.iter().map(|(_, _, label)| label.ja.as_str())),
            texts(&CATEGORY_EN.id, of.iter().map(|(_, _, label)| label.en.as_str())),
        ],
    )?;
    let all = Classification::joined(frames.iter().map(|frame| &frame.classification));
    let items = Items {
        disclosure: Disclosure::by(source, &all)?,
        labels: all.labels().to_vec(),
        named: named.lazy(),
        leading: LEADING,
        naming: NAMING,
        options: source.options,
    };
    let mut tables = items.tables(&FRAME_TABLES)?;
    tables.push(items.grouped("frame_industry", "枠組み別：業種別の開示率", &by_industry())?);
    tables.push(items.grouped("frame_kind", "枠組み別：報告書の種類別の開示率", &by_kind())?);
    tables.push(items.grouped("frame_year", "枠組み別：年度別の開示率", &by_year())?);
    Ok(tables)
}

impl Items<'_> {
    /// Companies and rates by every factor, each in long form and side by side.
    fn tables(&self, names: &Names) -> PolarsResult<Vec<Table>> {
        let by_company = &self.disclosure.by_company;
        let rates = by_factor(&self.disclosure, self.options)?.collect()?.lazy();
        let (columns, frame) = side_by_side(by_company, &self.labels);
        Ok(vec![
            Table::collect(names.company_table.0, names.company_table.1, columns, frame)?,
            self.table(
                names.company,
                company_columns(self.naming),
                by_company,
                &[COMPANY_ORDER],
            )?,
            wide_table(names.table.0, names.table.1, &rates, &self.labels)?,
            self.table(
                names.rates,
                by_factor::columns(self.naming),
                &rates,
                &[FACTOR_ORDER, MEMBER_ORDER],
            )?,
        ])
    }

    /// The rates of one grouping.
    fn grouped(&self, name: &'static str, title: &'static str, grouping: &Grouping) -> PolarsResult<Table> {
        let rates = rates(&(grouping.units)(&self.disclosure), grouping, self.options)?;
        self.table((name, title), grouping.columns(), &rates, &[grouping.order])
    }

    /// A table in long form, its items named.
    ///
    /// # Arguments
    /// * `order` - the order of the rows within a frame and fiscal year, before that of the items.
    fn table(
        &self,
        (name, title): Name,
        columns: Vec<Column>,
        frame: &LazyFrame,
        order: &[&str],
    ) -> PolarsResult<Table> {
        let mut sorted = vec![col(SET_ORDER), FISCAL_YEAR.expr()];
        sorted.extend(order.iter().map(|name| col(*name)));
        sorted.push(col(ITEM));
        let frame = frame
            .clone()
            .drop(cols([&*CODE.id, &*CATEGORY.id, &*CATEGORY_EN.id]))
            .inner_join(self.named.clone(), col(ITEM), col(ITEM))
            .sort_by_exprs(sorted, SortMultipleOptions::default());
        let columns = self.leading.iter().cloned().chain(columns).collect();
        Table::collect(name, title, columns, frame)
    }
}
