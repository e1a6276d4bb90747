//! The tables of the contract, one function each.

use polars::prelude::{
    DataFrame, IntoLazy, JoinType, LazyFrame, NULL, PolarsResult, SortMultipleOptions, col, lit, when,
};

use super::base::{
    self, COMPANY_ORDER, GROUP_ORDER, INDUSTRY_ORDER, KIND_ORDER, REGIME_ORDER, SECTOR_ORDER, TSE33_ORDER,
    ints, texts,
};
use super::columns::*;
use super::crosswalk::{Disclosure, Framed};
use super::groups::{Grouping, Unit, item_cell, rates, side_by_side};
use super::size::{self, SIZE_ORDER};
use super::{
    Classification, CodeLabel, DocumentRecord, Table, TableError, TableOptions, association, changes,
    coverage, volume,
};
use crate::extract::DocumentStatus;
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
    let documents = base::documents(corpus, &slots)?;
    let own = Disclosure::by(&documents, &slots, &Classification::by_code(codes))?;
    let mut tables = contract(corpus, &slots, &own, codes, options)?;
    tables.extend(further(corpus, &own, options)?);
    tables.push(association_table(&own, codes, options)?);
    tables.extend(framed(
        &Framed::new(&options.crosswalks, &documents, &slots)?,
        &own,
        options,
    )?);
    Ok(Tables {
        tables,
        items: codes.to_vec(),
    })
}

/// The tables that every run is read by.
fn contract(
    corpus: &Corpus,
    slots: &[Option<&DocumentRecord>],
    own: &Disclosure,
    codes: &[CodeLabel],
    options: &TableOptions,
) -> PolarsResult<Vec<Table>> {
    let industry = rates(&own.by_company, &by_industry(), options)?;
    let title = "業種別・項目別の開示率";
    Ok(vec![
        company_table(&own.by_company, codes)?,
        industry_table(&industry, codes)?,
        company_category(&own.by_company)?,
        document_category(&own.by_document)?,
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
fn further(corpus: &Corpus, own: &Disclosure, options: &TableOptions) -> PolarsResult<Vec<Table>> {
    let sized = size::by_size(corpus, &own.by_company)?;
    let by_size = company_grouping(SIZE_ORDER, &[SIZE_BY, SIZE]);
    let in_tse33 = own.by_company.clone().filter(TSE33.expr().is_not_null());
    let by_tse33 = company_grouping(TSE33_ORDER, &[TSE33]);
    let by_group = company_grouping(GROUP_ORDER, &[GROUP]);
    let size_title = "規模別・項目別の開示率";
    let tse33_title = "東証33業種別・項目別の開示率";
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
            &by_group,
            options,
        )?,
        Table::collect(
            "tse33_category",
            tse33_title,
            by_tse33.columns(),
            rates(&in_tse33, &by_tse33, options)?,
        )?,
        Table::collect(
            "size_category",
            size_title,
            by_size.columns(),
            rates(&sized, &by_size, options)?,
        )?,
        Table::collect(
            "changes",
            "開示の増減",
            changes::columns(),
            changes::changes(&own.by_document),
        )?,
    ])
}

/// The tests, by every factor whose groups do not overlap.
fn association_table(own: &Disclosure, codes: &[CodeLabel], options: &TableOptions) -> PolarsResult<Table> {
    let factors = [
        ("industry", by_industry()),
        ("sector", by_sector()),
        ("kind", by_kind()),
        ("regime", by_regime()),
    ];
    let mut rated = Vec::with_capacity(factors.len());
    for (factor, grouping) in factors {
        rated.push((factor, rates(grouping.units(own), &grouping, options)?));
    }
    let tests = association::association(&rated, &own.by_company, codes)?;
    Table::collect(
        "association",
        "開示と要因の関連（検定）",
        association::columns(),
        tests,
    )
}

/// The tables by other frames.
fn framed(frames: &Framed, own: &Disclosure, options: &TableOptions) -> PolarsResult<Vec<Table>> {
    let title = "枠組み別：企業ごとの開示";
    Ok(vec![
        frames.table("frame_company", title, company_category_columns(), own, |d| {
            Ok(d.by_company.clone())
        })?,
        frames.rates(
            "frame_industry",
            "枠組み別：業種別の開示率",
            &by_industry(),
            own,
            options,
        )?,
        frames.rates(
            "frame_kind",
            "枠組み別：報告書の種類別の開示率",
            &by_kind(),
            own,
            options,
        )?,
        frames.rates("frame_year", "枠組み別：年度別の開示率", &by_year(), own, options)?,
    ])
}

fn long(
    name: &'static str,
    title: &'static str,
    disclosure: &Disclosure,
    grouping: &Grouping,
    options: &TableOptions,
) -> PolarsResult<Table> {
    let rates = rates(grouping.units(disclosure), grouping, options)?;
    Table::collect(name, title, grouping.columns(), rates)
}

/// The rates of whole years, with the change from the year before.
fn year_category(disclosure: &Disclosure, options: &TableOptions) -> PolarsResult<Table> {
    const BEFORE: &str = "_rate_before";
    let grouping = by_year();
    let rates = rates(grouping.units(disclosure), &grouping, options)?;
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
    for (place, code) in codes.iter().enumerate() {
        let repeated = codes.iter().take(place).any(|other| other.id == code.id);
        if repeated || ALL.iter().any(|column| column.id == code.id) || code.id.starts_with('_') {
            return Err(TableError::ClashingCode(code.id.clone()));
        }
    }
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

fn company_grouping(order: &'static str, keys: &[Column]) -> Grouping {
    Grouping {
        unit: Unit::Company,
        order,
        keys: keys.to_vec(),
    }
}

fn by_industry() -> Grouping {
    company_grouping(INDUSTRY_ORDER, &[INDUSTRY, SECTOR])
}

fn by_sector() -> Grouping {
    company_grouping(SECTOR_ORDER, &[SECTOR])
}

fn by_year() -> Grouping {
    company_grouping(base::EVERY, &[])
}

fn by_kind() -> Grouping {
    Grouping {
        unit: Unit::Document,
        order: KIND_ORDER,
        keys: vec![KIND, REGIME],
    }
}

fn by_regime() -> Grouping {
    Grouping {
        unit: Unit::Document,
        order: REGIME_ORDER,
        keys: vec![REGIME],
    }
}

/// A column per code, headed by its id.
fn code_columns(codes: &[CodeLabel], kind: ColumnKind) -> Vec<Column> {
    codes
        .iter()
        .map(|code| Column::named(&code.id, &format!("{} {}", code.id, code.ja), kind))
        .collect()
}

fn company_category_columns() -> Vec<Column> {
    vec![
        FISCAL_YEAR,
        COMPANY_CODE,
        COMPANY,
        INDUSTRY,
        SECTOR,
        CODE,
        CATEGORY,
        CATEGORY_EN,
        DISCLOSED,
        DOCUMENTS_EXPECTED,
        DOCUMENTS_READ,
        DOCUMENTS_PARTIAL,
        DOCUMENTS_DISCLOSING,
        PASSAGES,
        CHARS,
        FIRST_PATH,
        FIRST_PAGE,
        QUOTE,
    ]
}

fn company_category(by_company: &LazyFrame) -> PolarsResult<Table> {
    let title = "企業別・項目別の開示";
    Table::collect(
        "company_category",
        title,
        company_category_columns(),
        by_company.clone(),
    )
}

/// What the rates by kind of report are counted from, as `company_category` is for the others.
fn document_category(by_document: &LazyFrame) -> PolarsResult<Table> {
    let columns = vec![
        FISCAL_YEAR,
        COMPANY_CODE,
        COMPANY,
        INDUSTRY,
        SECTOR,
        KIND,
        REGIME,
        PATH,
        CODE,
        CATEGORY,
        CATEGORY_EN,
        DISCLOSED,
        PASSAGES,
        CHARS,
        FIRST_PAGE,
        QUOTE,
    ];
    let frame = by_document.clone().sort(
        [&*FISCAL_YEAR.id, base::DOC, base::ITEM],
        SortMultipleOptions::default(),
    );
    Table::collect("document_category", "文書別・項目別の開示", columns, frame)
}

fn company_table(by_company: &LazyFrame, codes: &[CodeLabel]) -> PolarsResult<Table> {
    let items = code_columns(codes, ColumnKind::Count);
    let keys = [FISCAL_YEAR, COMPANY_CODE, COMPANY, INDUSTRY, SECTOR];
    let known = DISCLOSED.expr().is_not_null();
    let cell = when(known.clone())
        .then(PASSAGES.expr())
        .otherwise(lit(NULL).cast(ColumnKind::Count.dtype()));
    let mut cells = vec![
        DOCUMENTS_EXPECTED.expr().first(),
        DOCUMENTS_READ.expr().first(),
        DOCUMENTS_PARTIAL.expr().first(),
        when(known.clone().any(true))
            .then(DISCLOSED.expr().sum())
            .otherwise(lit(NULL).cast(ColumnKind::Count.dtype()))
            .alias(&*CATEGORIES_DISCLOSED.id),
        DISCLOSED
            .expr()
            .null_count()
            .cast(ColumnKind::Count.dtype())
            .alias(&*CATEGORIES_UNKNOWN.id),
    ];
    cells.extend(
        items
            .iter()
            .enumerate()
            .map(|(place, item)| item_cell(cell.clone(), place, item)),
    );
    let order = std::iter::once(col(COMPANY_ORDER));
    let frame = by_company
        .clone()
        .group_by_stable(order.chain(keys.iter().map(Column::expr)).collect::<Vec<_>>())
        .agg(cells)
        .sort([&*FISCAL_YEAR.id, COMPANY_ORDER], SortMultipleOptions::default());
    let mut columns = keys.to_vec();
    columns.extend([DOCUMENTS_READ, DOCUMENTS_EXPECTED, DOCUMENTS_PARTIAL]);
    columns.extend(items);
    columns.extend([CATEGORIES_DISCLOSED, CATEGORIES_UNKNOWN]);
    Table::collect("company_table", "企業比較表（該当箇所数）", columns, frame)
}

fn industry_table(rates: &LazyFrame, codes: &[CodeLabel]) -> PolarsResult<Table> {
    let items = code_columns(codes, ColumnKind::Rate);
    let mut columns = vec![FISCAL_YEAR, INDUSTRY, SECTOR, COMPANIES];
    let frame = side_by_side(rates, &by_industry(), &items);
    columns.extend(items);
    Table::collect("industry_table", "業種比較表（開示率）", columns, frame)
}

fn documents_table(corpus: &Corpus, slots: &[Option<&DocumentRecord>]) -> PolarsResult<Table> {
    let documents = &corpus.documents;
    let company = |index: usize| corpus.companies.get(index);
    let counted = |value: fn(&DocumentRecord) -> i64| slots.iter().map(move |slot| slot.map_or(0, value));
    let reason =
        |slot: &Option<&DocumentRecord>| slot.map_or(NOT_REACHED_REASON, |r| r.reason.as_str()).to_owned();
    let reasons: Vec<_> = slots.iter().map(reason).collect();
    let statuses: Vec<_> = slots.iter().map(|slot| status_id(*slot)).collect();
    let frame = DataFrame::new(
        documents.len(),
        vec![
            texts(
                &COMPANY_CODE.id,
                documents
                    .iter()
                    .map(|d| company(d.company).map_or("", |c| &c.code)),
            ),
            texts(
                &COMPANY.id,
                documents
                    .iter()
                    .map(|d| company(d.company).map_or("", |c| &c.name)),
            ),
            texts(&PATH.id, documents.iter().map(|d| d.path.as_str())),
            texts(&KIND.id, documents.iter().map(|d| d.kind.as_str())),
            texts(&REGIME.id, documents.iter().map(|d| base::regime(d.regime))),
            ints(
                &FISCAL_YEAR.id,
                documents.iter().map(|d| i64::from(d.fiscal_year)),
            ),
            texts(
                &SHA256.id,
                slots.iter().map(|slot| slot.map_or("", |r| r.sha256.as_str())),
            ),
            ints(&PAGES.id, counted(|r| i64::from(r.pages))),
            ints(&PAGES_OK.id, counted(|r| i64::from(r.pages_ok))),
            texts(
                &ENGINE.id,
                slots.iter().map(|slot| slot.map_or("", |r| r.engine.as_str())),
            ),
            texts(&STATUS.id, statuses.iter().map(String::as_str)),
            texts(&REASON.id, reasons.iter().map(String::as_str)),
            ints(&CHARS.id, counted(|r| i64::try_from(r.chars).unwrap_or(i64::MAX))),
            ints(&ALL_PASSAGES.id, counted(|r| i64::from(r.passages))),
            ints(&PASSAGES_IN_SCOPE.id, counted(|r| i64::from(r.passages_in_scope))),
            ints(&CHARS_IN_SCOPE.id, counted(volume::chars_in_scope)),
        ],
    )?;
    let columns = vec![
        COMPANY_CODE,
        COMPANY,
        PATH,
        KIND,
        REGIME,
        FISCAL_YEAR,
        SHA256,
        PAGES,
        PAGES_OK,
        ENGINE,
        STATUS,
        REASON,
        CHARS,
        ALL_PASSAGES,
        PASSAGES_IN_SCOPE,
        CHARS_IN_SCOPE,
    ];
    Table::collect("documents", "文書の一覧", columns, frame.lazy())
}

const NOT_REACHED_REASON: &str = "実行が途中で終わったため処理されていません";

/// The id of a status, as every file of the project writes it.
fn status_id(record: Option<&DocumentRecord>) -> String {
    match serde_json::to_value(record.map_or(DocumentStatus::Interrupted, |record| record.status)) {
        Ok(serde_json::Value::String(id)) => id,
        _ => String::new(),
    }
}
