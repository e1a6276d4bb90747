//! The same tables by other frames: 主要5項目, editions of the 経営ガイドライン, facets. What differs is only which
//! items a passage belongs to.

use polars::prelude::{LazyFrame, PolarsResult, UnionArgs, concat, lit};

use super::base;
use super::columns::*;
use super::groups::{Grouping, rates};
use super::{Classification, DocumentRecord, Table, TableOptions, disclosure};

/// How the codes and facets of the scheme make the items of another frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crosswalk {
    /// Short id: `main5`.
    pub id: String,
    /// What belongs to each of its items.
    pub classification: Classification,
}

/// Who discloses what, by one classification.
pub(super) struct Disclosure {
    /// A row per document and item.
    pub by_document: LazyFrame,
    /// A row per fiscal year, company and item.
    pub by_company: LazyFrame,
}

impl Disclosure {
    /// Counts the passages of the documents by the items of a classification.
    pub(super) fn by(
        documents: &LazyFrame,
        slots: &[Option<&DocumentRecord>],
        classification: &Classification,
    ) -> PolarsResult<Self> {
        use polars::prelude::IntoLazy;
        let passages = base::passages(slots, classification)?;
        let items = base::items(classification)?;
        // Collected here: every table of a run starts from these two.
        let by_document = disclosure::by_document(documents, &passages, &items)
            .collect()?
            .lazy();
        let by_company = disclosure::by_company(&by_document).collect()?.lazy();
        Ok(Disclosure {
            by_document,
            by_company,
        })
    }
}

/// The tables of all frames, one below the other, the frame named in the first column.
pub(super) struct Framed {
    frames: Vec<(String, Disclosure)>,
}

impl Framed {
    pub(super) fn new(
        frames: &[Crosswalk],
        documents: &LazyFrame,
        slots: &[Option<&DocumentRecord>],
    ) -> PolarsResult<Self> {
        let each = frames.iter().map(|frame| {
            Ok((
                frame.id.clone(),
                Disclosure::by(documents, slots, &frame.classification)?,
            ))
        });
        Ok(Framed {
            frames: each.collect::<PolarsResult<_>>()?,
        })
    }

    /// One table over all frames; without rows when there is none.
    pub(super) fn table(
        &self,
        name: &'static str,
        title: &'static str,
        columns: Vec<Column>,
        empty: &Disclosure,
        make: impl Fn(&Disclosure) -> PolarsResult<LazyFrame>,
    ) -> PolarsResult<Table> {
        let mut parts = vec![make(empty)?.with_column(lit("").alias(&*FRAME.id)).limit(0)];
        for (id, disclosure) in &self.frames {
            parts.push(make(disclosure)?.with_column(lit(id.as_str()).alias(&*FRAME.id)));
        }
        let mut framed = vec![FRAME];
        framed.extend(columns);
        Table::collect(name, title, framed, concat(parts, UnionArgs::default())?)
    }

    /// The rates of a grouping over all frames.
    pub(super) fn rates(
        &self,
        name: &'static str,
        title: &'static str,
        grouping: &Grouping,
        empty: &Disclosure,
        options: &TableOptions,
    ) -> PolarsResult<Table> {
        self.table(name, title, grouping.columns(), empty, |disclosure| {
            rates(grouping.units(disclosure), grouping, options)
        })
    }
}
