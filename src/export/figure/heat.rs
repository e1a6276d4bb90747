//! Groups × categories, the rate in every cell.

use askama::Template;

use super::{Category, Counted, FONTS, LIGHT, Rate, Shade, legend, shade_of, width_of, wrap};
use crate::export::Lang;

/// A group of the heat map.
#[derive(Debug, Clone)]
pub struct HeatRow {
    /// Its name.
    pub name: String,
    /// Units in it.
    pub size: i64,
    /// A rate for every category.
    pub rates: Vec<Rate>,
}

/// The picture: groups below each other, categories side by side.
#[derive(Template)]
#[template(path = "figures/heat.svg")]
pub struct HeatMap {
    title: String,
    fonts: &'static str,
    shades: &'static [Shade; 6],
    width: usize,
    height: usize,
    heads: Vec<Head>,
    lines: Vec<Line>,
    legend: Vec<Step>,
    legend_y: usize,
    small_note: &'static str,
}

struct Head {
    x: usize,
    id: String,
    lines: Vec<(usize, String)>,
}

struct Line {
    y: usize,
    text_y: usize,
    name: String,
    size: String,
    size_x: usize,
    cells: Vec<HeatCell>,
}

struct HeatCell {
    x: usize,
    text_x: usize,
    /// None where there is no rate.
    shade: Option<usize>,
    text: String,
    told: String,
}

struct Step {
    x: usize,
    text_x: usize,
    shade: usize,
    text: String,
}

const CELL: usize = 78;
const ROW: usize = 28;
/// Lines of a category's name.
const NAME_LINES: usize = 5;
const SIZE: usize = 56;

impl HeatMap {
    /// Lays the picture out.
    pub fn new(title: &str, rows: &[HeatRow], categories: &[Category], counted: Counted, lang: Lang) -> Self {
        let widest = rows
            .iter()
            .map(|row| width_of(&row.name, 13.0))
            .fold(80.0, f64::max);
        let label = widest.ceil() as usize + 8;
        let left = label + SIZE;
        let heads: Vec<_> = (0..)
            .zip(categories)
            .map(|(place, category)| Head::new(left, place, category))
            .collect();
        let most = heads
            .iter()
            .map(|head: &Head| head.lines.len())
            .max()
            .unwrap_or(0);
        let head = 34 + most * 14;
        let bottom = head + rows.len() * ROW;
        let lines = (0..).zip(rows).map(|(place, row)| {
            let y = head + place * ROW;
            Line {
                y,
                text_y: y + 18,
                name: row.name.clone(),
                size: counted.size(row.size, lang),
                size_x: left - 10,
                cells: (0..)
                    .zip(row.rates.iter().zip(categories))
                    .map(|(place, (rate, category))| {
                        HeatCell::new(left, place, row, rate, category, counted, lang)
                    })
                    .collect(),
            }
        });
        HeatMap {
            title: title.to_owned(),
            fonts: FONTS,
            shades: &LIGHT,
            width: left + categories.len() * CELL,
            height: bottom + 52,
            heads,
            lines: lines.collect(),
            legend: (0..)
                .zip(legend())
                .map(|(place, step)| Step::new(left, place, step))
                .collect(),
            legend_y: bottom + 18,
            small_note: lang.pick("* 母数が少ない　– 不明・母数なし", "* small base   – not known"),
        }
    }
}

impl Head {
    fn new(left: usize, place: usize, category: &Category) -> Self {
        let lines = wrap(&category.name, 12);
        let most = NAME_LINES;
        let mut shown: Vec<_> = lines.iter().take(most).cloned().collect();
        if let (true, Some(last)) = (lines.len() > most, shown.last_mut()) {
            last.pop();
            last.push('…');
        }
        Head {
            x: left + place * CELL + 2,
            id: category.id.clone(),
            lines: (0..)
                .zip(shown)
                .map(|(line, text)| (30 + line * 14, text))
                .collect(),
        }
    }
}

impl HeatCell {
    fn new(
        left: usize,
        place: usize,
        row: &HeatRow,
        rate: &Rate,
        category: &Category,
        counted: Counted,
        lang: Lang,
    ) -> Self {
        let x = left + place * CELL;
        let mark = if rate.small && rate.rate.is_some() {
            "*"
        } else {
            ""
        };
        HeatCell {
            x,
            text_x: x + CELL / 2 - 1,
            shade: rate.rate.map(shade_of),
            text: format!("{}{mark}", rate.whole()),
            told: format!(
                "{} · {} {}: {}",
                row.name,
                category.id,
                category.name,
                rate.told(counted, lang)
            ),
        }
    }
}

impl Step {
    fn new(left: usize, place: usize, (shade, text): (usize, String)) -> Self {
        let x = left + place * 72;
        Step {
            x,
            text_x: x + 24,
            shade,
            text,
        }
    }
}

/// The attributes of an area: its class, and its colour for those who have no style sheet.
impl HeatMap {
    fn fill(&self, shade: &Option<usize>) -> &'static str {
        shade
            .and_then(|step| self.shades.get(step))
            .map_or("none", |s| s.fill)
    }

    fn ink(&self, shade: &Option<usize>) -> &'static str {
        shade
            .and_then(|step| self.shades.get(step))
            .map_or("#4a545e", |s| s.ink)
    }

    fn class(&self, shade: &Option<usize>) -> String {
        shade.map_or_else(|| "sx".to_owned(), |step| format!("s{step}"))
    }
}
