//! The pictures of a run: what the report shows and what `figures/` holds.

use askama::Template;

use crate::export::Lang;
use crate::export::figure::{Bars, Category, Counted, HeatMap, HeatRow, Rate, Slope, Slopes};
use crate::tables::columns::{
    BASE, CODE, COMPANIES, Column, DISCLOSING, DOCUMENTS, INDUSTRY, KIND, RATE, RATE_HIGH, RATE_LOW, REGIME,
    SMALL,
};
use crate::tables::rows::{Row, Rows};
use crate::tables::{CodeLabel, Tables};

/// Where the pictures go, below the output folder.
pub const FOLDER: &str = "figures";

/// Whether a file of [`FOLDER`] is a picture of a report, of whatever year.
pub fn is_picture(file: &str) -> bool {
    let Some(stem) = file.strip_suffix(".svg") else {
        return false;
    };
    let by_year = ["bars", BY_INDUSTRY.file, BY_KIND.file].iter().any(|name| {
        let year = stem.strip_prefix(name).and_then(|rest| rest.strip_prefix('_'));
        year.is_some_and(|year| year.parse::<i64>().is_ok())
    });
    by_year || stem == "slopes"
}

/// A picture with what it is called.
pub struct Picture {
    /// Name of its file below the output folder.
    pub file: String,
    /// What it shows.
    pub title: String,
    /// Its SVG.
    pub svg: String,
    /// The same for a narrow screen.
    pub narrow: String,
}

/// All pictures of a run, each list by fiscal year, the latest first.
pub struct Pictures {
    /// Rates of the whole year.
    pub bars: Vec<Picture>,
    /// Industries × categories.
    pub industries: Vec<Picture>,
    /// Kinds of report × categories.
    pub kinds: Vec<Picture>,
    /// The years of each category; none with a single year.
    pub slopes: Option<Picture>,
}

impl Pictures {
    /// Draws them.
    ///
    /// # Errors
    /// When a template cannot be filled in, which none of them should fail at.
    pub fn draw(tables: &Tables, lang: Lang) -> askama::Result<Self> {
        let categories = categories(tables.codes(), lang);
        let years = Rows::of(tables.get("year_category"));
        let industries = Rows::of(tables.get("industry_category"));
        let kinds = Rows::of(tables.get("kind_category"));
        let regimes = Rows::of(tables.get("regime_category"));
        let mut pictures = Pictures {
            bars: Vec::new(),
            industries: Vec::new(),
            kinds: Vec::new(),
            slopes: slopes(&years, &categories, lang)?,
        };
        for year in years.years().into_iter().rev() {
            pictures.bars.push(bars(&years, year, &categories, lang)?);
            let by_industry = groups(&industries, year, (&INDUSTRY, &COMPANIES), &categories);
            pictures
                .industries
                .push(heat(&BY_INDUSTRY, by_industry, year, &categories, lang)?);
            let mut by_kind = groups(&kinds, year, (&KIND, &DOCUMENTS), &categories);
            let subtotals = groups(&regimes, year, (&REGIME, &DOCUMENTS), &categories);
            by_kind.extend(subtotals.into_iter().map(|row| subtotal(row, lang)));
            pictures
                .kinds
                .push(heat(&BY_KIND, by_kind, year, &categories, lang)?);
        }
        Ok(pictures)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Picture> {
        self.bars
            .iter()
            .chain(&self.industries)
            .chain(&self.kinds)
            .chain(&self.slopes)
    }
}

/// The categories in a language.
pub fn categories(codes: &[CodeLabel], lang: Lang) -> Vec<Category> {
    let category = |code: &CodeLabel| Category {
        id: code.id.clone(),
        name: lang.pick(&code.ja, &code.en).clone(),
    };
    codes.iter().map(category).collect()
}

fn rate(row: &Row<'_, '_>, size: &Column) -> Rate {
    Rate {
        rate: row.real(&RATE),
        interval: row.real(&RATE_LOW).zip(row.real(&RATE_HIGH)),
        disclosed: row.int(&DISCLOSING).unwrap_or(0),
        base: row.int(&BASE).unwrap_or(0),
        size: row.int(size).unwrap_or(0),
        small: row.int(&SMALL) == Some(1),
    }
}

/// What a code's cell says where a table has no row for it.
const NO_RATE: Rate = Rate {
    rate: None,
    interval: None,
    disclosed: 0,
    base: 0,
    size: 0,
    small: false,
};

/// Puts the rates of rows into the order of the categories.
fn in_order<'r, 'a: 'r>(
    rows: impl Iterator<Item = Row<'r, 'a>>,
    categories: &[Category],
    size: &Column,
) -> Vec<Rate> {
    let rows: Vec<_> = rows.collect();
    let of = |category: &Category| rows.iter().find(|row| row.text(&CODE) == category.id);
    categories
        .iter()
        .map(|category| of(category).map_or(NO_RATE, |row| rate(row, size)))
        .collect()
}

fn bars(rows: &Rows<'_>, year: i64, categories: &[Category], lang: Lang) -> askama::Result<Picture> {
    let title = match lang {
        Lang::Ja => format!("{year}年度：項目別の開示率"),
        Lang::En => format!("Fiscal year {year}: disclosure rate by category"),
    };
    let rates = in_order(rows.of_year(year), categories, &COMPANIES);
    let rates: Vec<_> = categories.iter().cloned().zip(rates).collect();
    Ok(Picture {
        file: format!("{FOLDER}/bars_{year}.svg"),
        svg: Bars::new(&title, &rates, Counted::Companies, lang).render()?,
        narrow: Bars::narrow(&title, &rates, Counted::Companies, lang).render()?,
        title,
    })
}

/// What tells one heat map from another.
struct Subject {
    file: &'static str,
    ja: &'static str,
    en: &'static str,
    counted: Counted,
}

const BY_INDUSTRY: Subject = Subject {
    file: "heatmap_industry",
    ja: "業種別・項目別の開示率（%）",
    en: "disclosure rate by industry and category (%)",
    counted: Counted::Companies,
};

const BY_KIND: Subject = Subject {
    file: "heatmap_kind",
    ja: "報告書の種類別・項目別の開示率（%）",
    en: "disclosure rate by kind of report and category (%)",
    counted: Counted::Documents,
};

/// The rates of a year by group, in the order of the table.
fn groups(
    rows: &Rows<'_>,
    year: i64,
    (group, size): (&Column, &Column),
    categories: &[Category],
) -> Vec<HeatRow> {
    let mut names: Vec<&str> = rows.of_year(year).map(|row| row.text(group)).collect();
    names.dedup();
    let of_group = |name: &str| {
        let own = rows.of_year(year).filter(|row| row.text(group) == name);
        let rates = in_order(own, categories, size);
        HeatRow {
            name: name.to_owned(),
            size: rates.iter().map(|rate| rate.size).max().unwrap_or(0),
            rates,
        }
    };
    names.into_iter().map(of_group).collect()
}

/// Names the row of a regime for what it is below the kinds.
fn subtotal(row: HeatRow, lang: Lang) -> HeatRow {
    let name = match (lang, row.name.as_str()) {
        (Lang::En, "制度開示") => "required disclosure, all".to_owned(),
        (Lang::En, "その他") => "other, all".to_owned(),
        (Lang::En, "任意開示") => "voluntary disclosure, all".to_owned(),
        (_, name) => format!("{name} 計"),
    };
    HeatRow { name, ..row }
}

fn heat(
    by: &Subject,
    groups: Vec<HeatRow>,
    year: i64,
    categories: &[Category],
    lang: Lang,
) -> askama::Result<Picture> {
    let title = match lang {
        Lang::Ja => format!("{year}年度：{}", by.ja),
        Lang::En => format!("Fiscal year {year}: {}", by.en),
    };
    Ok(Picture {
        file: format!("{FOLDER}/{}_{year}.svg", by.file),
        svg: HeatMap::new(&title, &groups, categories, by.counted, lang).render()?,
        narrow: HeatMap::narrow(&title, &groups, categories, by.counted, lang).render()?,
        title,
    })
}

fn slopes(rows: &Rows<'_>, categories: &[Category], lang: Lang) -> askama::Result<Option<Picture>> {
    let years = rows.years();
    let (Some(first), Some(last)) = (years.first(), years.last()) else {
        return Ok(None);
    };
    if first == last {
        return Ok(None);
    }
    let title = match lang {
        Lang::Ja => format!("{first}年度から{last}年度：項目別の開示率（%）"),
        Lang::En => format!("Fiscal years {first} to {last}: disclosure rate by category (%)"),
    };
    let slope = |category: &Category| Slope {
        category: category.clone(),
        years: years
            .iter()
            .map(|year| {
                let row = rows.of_year(*year).find(|row| row.text(&CODE) == category.id);
                (*year, row.map_or(NO_RATE, |row| rate(&row, &COMPANIES)))
            })
            .collect(),
    };
    let slopes: Vec<_> = categories.iter().map(slope).collect();
    Ok(Some(Picture {
        file: format!("{FOLDER}/slopes.svg"),
        svg: Slopes::new(&title, &slopes, Counted::Companies, lang).render()?,
        narrow: Slopes::narrow(&title, &slopes, Counted::Companies, lang).render()?,
        title,
    }))
}

#[cfg(test)]
mod tests {
    use super::is_picture;

    #[test]
    fn only_pictures_of_a_report_are_taken_for_such() {
        for file in ["bars_2024.svg", "heatmap_kind_2023.svg", "slopes.svg"] {
            assert!(is_picture(file), "{file}");
        }
        for file in [
            "bars.svg",
            "bars_mine.svg",
            "heatmap_2024.svg",
            "slopes.png",
            "logo.svg",
        ] {
            assert!(!is_picture(file), "{file}");
        }
    }
}
