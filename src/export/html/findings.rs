//! The quality elements and the facts, counted: row by row they are in their own files.

use std::collections::BTreeMap;

use super::documents::Documents;
use super::sheet::{Sheet, SheetCell};
use crate::export::Lang;
use crate::export::figure::percent;
use crate::facts::{Fact, FactKind};
use crate::manifest::{Company, Document};
use crate::tables::Tables;
use crate::tables::columns::{ELEMENT, ELEMENT_JA, FISCAL_YEAR, NUMBER, PRESENT, QUALITY};
use crate::tables::rows::Rows;

/// Companies named with a fact; the others are counted.
const NAMED: usize = 12;

/// Who tells which fact: a company once for each, with the page that tells it first.
#[derive(Debug, Clone, Default)]
pub struct FactCounts {
    facts: BTreeMap<(i32, FactKind, String), BTreeMap<usize, Told>>,
}

/// Where a company tells a fact.
#[derive(Debug, Clone)]
struct Told {
    company: String,
    path: String,
    page: u32,
}

impl FactCounts {
    /// Takes a fact; of a company, the first of each name counts.
    pub fn add(&mut self, company: &Company, document: &Document, page: u32, fact: &Fact) {
        let key = (document.fiscal_year, fact.kind, fact.name.clone());
        let told = || Told {
            company: company.name.clone(),
            path: document.path.clone(),
            page,
        };
        self.facts
            .entry(key)
            .or_default()
            .entry(document.company)
            .or_insert_with(told);
    }

    /// The facts of each year, the latest first, those of most companies first.
    pub(super) fn sheet(&self, documents: &Documents, lang: Lang) -> Option<Sheet> {
        let heads = [
            (lang.pick("年度", "fiscal year"), true),
            (lang.pick("事実", "fact"), false),
            (lang.pick("名称", "name"), false),
            (lang.pick("企業数", "companies"), true),
            (lang.pick("企業（述べているページへ）", "told by (page)"), false),
        ];
        let mut facts: Vec<_> = self.facts.iter().collect();
        facts.sort_by_key(|((year, kind, _), told)| (-year, *kind, usize::MAX - told.len()));
        let rows = facts.into_iter().map(|((year, kind, name), told)| {
            vec![
                SheetCell::text(year.to_string()),
                SheetCell::text(kind_name(*kind, lang)),
                SheetCell::text(name),
                SheetCell::text(told.len().to_string()),
                told_by(told, documents, lang),
            ]
        });
        let rows: Vec<_> = rows.collect();
        let caption = lang.pick("述べている企業の数", "Companies that tell each fact");
        let mut sheet = Sheet::new(caption, &heads, rows, lang);
        sheet.file = Some("facts.csv".to_owned());
        (!sheet.rows.is_empty()).then_some(sheet)
    }
}

fn told_by(told: &BTreeMap<usize, Told>, documents: &Documents, lang: Lang) -> SheetCell {
    let link = |told: &Told| {
        let href = documents.href(&told.path, Some(i64::from(told.page)));
        (told.company.clone(), href)
    };
    let mut list: Vec<_> = told.values().take(NAMED).map(link).collect();
    if told.len() > NAMED {
        let more = told.len() - NAMED;
        list.push((
            match lang {
                Lang::Ja => format!("ほか{more}社"),
                Lang::En => format!("{more} more"),
            },
            None,
        ));
    }
    SheetCell {
        list,
        ..SheetCell::default()
    }
}

fn kind_name(kind: FactKind, lang: Lang) -> &'static str {
    match kind {
        FactKind::Certification => lang.pick("認証", "certification"),
        FactKind::Membership => lang.pick("加盟", "membership"),
        FactKind::Csirt => lang.pick("対応組織", "response team"),
        FactKind::Officer => lang.pick("役職", "officer"),
        FactKind::Figure => lang.pick("数値", "figure"),
    }
}

/// An element of a year: what is known of it in the documents.
#[derive(Default)]
struct Element<'a> {
    quality: &'a str,
    name: &'a str,
    known: usize,
    present: usize,
    numbers: Vec<f64>,
}

/// In how many documents each element stands.
pub fn quality(tables: &Tables, lang: Lang) -> Option<Sheet> {
    let rows = Rows::of(tables.get("quality_elements"));
    let mut years: BTreeMap<std::cmp::Reverse<i64>, Vec<Element<'_>>> = BTreeMap::new();
    for row in rows.iter() {
        let year = row.int(&FISCAL_YEAR).unwrap_or(0);
        let name = row.text(&lang.pick(ELEMENT_JA, ELEMENT));
        let elements = years.entry(std::cmp::Reverse(year)).or_default();
        let place = elements
            .iter()
            .position(|element| element.name == name)
            .unwrap_or(elements.len());
        if place == elements.len() {
            elements.push(Element {
                quality: quality_name(row.text(&QUALITY), lang),
                name,
                ..Element::default()
            });
        }
        if let Some(element) = elements.get_mut(place) {
            let present = row.int(&PRESENT);
            element.known += usize::from(present.is_some());
            element.present += usize::from(present == Some(1));
            element.numbers.extend(row.real(&NUMBER));
        }
    }
    let heads = [
        (lang.pick("年度", "fiscal year"), true),
        (lang.pick("性質", "quality"), false),
        (lang.pick("要素", "element"), false),
        (lang.pick("分かる文書数", "documents known"), true),
        (lang.pick("ある文書数", "present in"), true),
        (lang.pick("割合", "share"), true),
        (lang.pick("中央値", "median"), true),
    ];
    let rows: Vec<_> = years
        .into_iter()
        .flat_map(|(year, elements)| elements.into_iter().map(move |element| element.row(year.0)))
        .collect();
    let caption = lang.pick("要素のある文書の数", "Documents that show each element");
    let mut sheet = Sheet::new(caption, &heads, rows, lang);
    sheet.file = Some("quality_elements.csv".to_owned());
    (!sheet.rows.is_empty()).then_some(sheet)
}

/// The guide's five qualities, in the words of the International Accounting Standards Board where it has the same.
fn quality_name(ja: &str, lang: Lang) -> &str {
    let en = match ja {
        "目的適合性" => "relevance",
        "表現真正性" => "faithful representation",
        "比較可能性" => "comparability",
        "理解容易性" => "understandability",
        "適時公表性" => "timeliness",
        other => other,
    };
    lang.pick(ja, en)
}

impl Element<'_> {
    fn row(mut self, year: i64) -> Vec<SheetCell> {
        let is_number = !self.numbers.is_empty();
        let known = if is_number { self.numbers.len() } else { self.known };
        let share = (self.known > 0).then(|| self.present as f64 / self.known as f64);
        let or_dash = |text: Option<String>| SheetCell::text(text.unwrap_or_else(|| "–".to_owned()));
        vec![
            SheetCell::text(year.to_string()),
            SheetCell::text(self.quality),
            SheetCell::text(self.name.replace('_', " ")),
            SheetCell::text(known.to_string()),
            or_dash((!is_number).then(|| self.present.to_string())),
            or_dash(share.map(percent)),
            SheetCell::figure(median(&mut self.numbers), 1),
        ]
    }
}

fn median(numbers: &mut [f64]) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let upper = numbers.get(numbers.len() / 2)?;
    let lower = numbers.get((numbers.len() - 1) / 2)?;
    Some((lower + upper) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn a_median_lies_between_the_two_in_the_middle() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
