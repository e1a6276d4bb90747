//! The tables of the contract, one function each.

use std::collections::BTreeSet;

use polars::prelude::{IntoLazy, JoinType, LazyFrame, PolarsResult, SortMultipleOptions, col, lit};

use super::base;
use super::by_factor::{by_factor, item_columns, wide_table};
use super::columns::*;
use super::disclosure::{Disclosure, Source};
use super::documents::documents_table;
use super::factors::{by_group, by_industry, by_kind, by_regime, by_sector, by_size, by_tse33, by_year};
use super::groups::{Grouping, rates, side_by_side};
use super::{
    Classification, CodeLabel, DocumentRecord, Table, TableError, TableOptions, association, changes,
    coverage, items, quality, residuals, units, volume,
};
use crate::manifest::Corpus;

/// All tables of a run, without `passages`, which is written while the run goes on.
#[derive(Debug, Clone)]
pub struct Tables {
    tables: Vec<Table>,
    items: Vec<CodeLabel>,
}

impl Tables {
    /// Every table, in the order in which a workbook shows them.
    pub fn iter(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter()
    }

    /// A table by its name.
    pub fn get(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name() == name)
    }

    /// The codes the categories stand for, in order.
    pub fn codes(&self) -> &[CodeLabel] {
        &self.items
    }
}

/// Makes every table.
///
/// # Arguments
/// * `corpus` - what was expected.
/// * `records` - what was found, at most one per document, in any order. A document without a record was not reached.
/// * `codes` - the codes of the scheme in the order of the columns.
/// * `options` - which groups are too small.
///
/// # Errors
/// [`TableError`] when corpus, records and codes do not belong together.
pub fn build(
    corpus: &Corpus,
    records: &[DocumentRecord],
    codes: &[CodeLabel],
    options: &TableOptions,
) -> Result<Tables, TableError> {
    let slots = base::by_document(corpus, records)?;
    check_codes(corpus, &slots, codes)?;
    check_items(options)?;
    let documents = base::documents(corpus, &slots)?;
    let source = Source {
        corpus,
        documents: &documents,
        slots: &slots,
        options,
    };
    let own = Disclosure::by(source, &Classification::by_code(codes))?;
    let by_factor = by_factor(&own, options)?.collect()?.lazy();
    let mut tables = contract(source, &own, &by_factor, codes)?;
    tables.extend(further(&own, options)?);
    tables.extend(associations(&own, &by_factor, codes, options)?);
    tables.push(quality::quality_elements(corpus, &slots, &options.elements)?);
    tables.extend(items::facet_tables(source, codes)?);
    tables.extend(items::frame_tables(source)?);
    Ok(Tables {
        tables,
        items: codes.to_vec(),
    })
}

/// The tables that every run is read by.
fn contract(
    source: Source<'_>,
    own: &Disclosure,
    by_factor: &LazyFrame,
    codes: &[CodeLabel],
) -> PolarsResult<Vec<Table>> {
    let Source {
        corpus,
        slots,
        options,
        ..
    } = source;
    let industry = rates(&own.by_company, &by_industry(), options)?;
    let title = "業種別・項目別の開示率";
    Ok(vec![
        units::company_table(&own.by_company, codes)?,
        industry_table(&industry, codes)?,
        wide_table(
            "factor_table",
            "比較表（開示率、すべての分け方）",
            by_factor,
            codes,
        )?,
        units::company_category(&own.by_company)?,
        units::document_category(&own.by_document)?,
        Table::collect("industry_category", title, by_industry().columns(), industry)?,
        long(
            "sector_category",
            "セクター別・項目別の開示率",
            own,
            &by_sector(),
            options,
        )?,
        long(
            "kind_category",
            "報告書の種類別・項目別の開示率",
            own,
            &by_kind(),
            options,
        )?,
        year_category(own, options)?,
        Table::collect(
            "coverage",
            "読み取りの状況",
            coverage::columns(),
            coverage::coverage(corpus, slots)?,
        )?,
        Table::collect(
            "text_volume",
            "記述の量",
            volume::columns(),
            volume::volume(corpus, slots, options)?,
        )?,
        documents_table(corpus, slots)?,
    ])
}

/// More ways to group the same cells, and what changed.
fn further(own: &Disclosure, options: &TableOptions) -> PolarsResult<Vec<Table>> {
    Ok(vec![
        long(
            "regime_category",
            "制度開示・任意開示別の開示率",
            own,
            &by_regime(),
            options,
        )?,
        long(
            "group_category",
            "手引きの区分別・項目別の開示率",
            own,
            &by_group(),
            options,
        )?,
        long(
            "tse33_category",
            "東証33業種別・項目別の開示率",
            own,
            &by_tse33(),
            options,
        )?,
        long(
            "size_category",
            "規模別・項目別の開示率",
            own,
            &by_size(),
            options,
        )?,
        Table::collect(
            "changes",
            "開示の増減",
            changes::columns(),
            changes::changes(&own.by_document),
        )?,
    ])
}

/// Whether disclosure depends on the factors.
fn associations(
    own: &Disclosure,
    by_factor: &LazyFrame,
    codes: &[CodeLabel],
    options: &TableOptions,
) -> PolarsResult<Vec<Table>> {
    Ok(vec![
        Table::collect(
            "association",
            "開示と要因の関連（検定）",
            association::columns(),
            association::association(by_factor, &own.by_company, codes)?,
        )?,
        Table::collect(
            "association_residuals",
            "開示と要因の関連（調整済み残差）",
            residuals::columns(),
            residuals::residuals(by_factor, options)?,
        )?,
    ])
}

fn long(
    name: &'static str,
    title: &'static str,
    disclosure: &Disclosure,
    grouping: &Grouping,
    options: &TableOptions,
) -> PolarsResult<Table> {
    let rates = rates(&(grouping.units)(disclosure), grouping, options)?;
    Table::collect(name, title, grouping.columns(), rates)
}

/// The rates of whole years, with the change from the year before.
fn year_category(disclosure: &Disclosure, options: &TableOptions) -> PolarsResult<Table> {
    const BEFORE: &str = "_rate_before";
    let grouping = by_year();
    let rates = rates(&(grouping.units)(disclosure), &grouping, options)?;
    let keys = [FISCAL_YEAR.expr(), col(base::ITEM)];
    let before = rates.clone().select([
        (FISCAL_YEAR.expr() + lit(1i64)).alias(&*FISCAL_YEAR.id),
        col(base::ITEM),
        RATE.expr().alias(BEFORE),
    ]);
    let changed = rates
        .join(before, keys.clone(), keys, JoinType::Left.into())
        .with_column((RATE.expr() - col(BEFORE)).alias(&*RATE_CHANGE.id))
        .sort([&*FISCAL_YEAR.id, base::ITEM], SortMultipleOptions::default());
    let mut columns = grouping.columns();
    columns.push(RATE_CHANGE);
    Table::collect("year_category", "年度別・項目別の開示率", columns, changed)
}

/// A code that no column stands for would vanish from every table without a word.
fn check_codes(
    corpus: &Corpus,
    slots: &[Option<&DocumentRecord>],
    codes: &[CodeLabel],
) -> Result<(), TableError> {
    distinct(codes)?;
    for (document, record) in corpus
        .documents
        .iter()
        .zip(slots)
        .filter_map(|(d, r)| Some((d, (*r)?)))
    {
        let mut used = record.coded.iter().flat_map(|passage| &passage.codes);
        if let Some(code) = used.find(|code| !codes.iter().any(|known| known.id == **code)) {
            return Err(TableError::UnknownCode {
                path: document.path.clone(),
                code: code.clone(),
            });
        }
    }
    Ok(())
}

/// The items of facets and frames are headings too.
fn check_items(options: &TableOptions) -> Result<(), TableError> {
    distinct(options.facets.iter().map(|facet| &facet.label))?;
    let frames = options.crosswalks.iter();
    distinct(frames.flat_map(|frame| frame.classification.labels()))
}

/// Refuses ids that cannot stand as headings beside the columns and each other.
fn distinct<'a>(labels: impl IntoIterator<Item = &'a CodeLabel>) -> Result<(), TableError> {
    let mut seen = BTreeSet::new();
    for label in labels {
        let is_column = ALL.iter().any(|column| column.id == label.id);
        if is_column || label.id.starts_with('_') || !seen.insert(&label.id) {
            return Err(TableError::ClashingCode(label.id.clone()));
        }
    }
    Ok(())
}

fn industry_table(rates: &LazyFrame, codes: &[CodeLabel]) -> PolarsResult<Table> {
    let items = item_columns(codes, ColumnKind::Rate);
    let mut columns = vec![FISCAL_YEAR, INDUSTRY, SECTOR, COMPANIES];
    let frame = side_by_side(rates, &by_industry(), &items);
    columns.extend(items);
    columns.push(SMALL);
    Table::collect("industry_table", "業種比較表（開示率）", columns, frame)
}
