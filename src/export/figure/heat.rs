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
    class: &'static str,
    fonts: &'static str,
    shades: &'static [Shade; 6],
    width: usize,
    height: usize,
    /// Width and height of an area.
    area: (usize, usize),
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
    /// Where its areas begin, and the numbers in them stand.
    y: usize,
    text_y: usize,
    name: String,
    name_y: usize,
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

/// Lines of a category's name.
const NAME_LINES: usize = 5;
const SIZE: usize = 56;
/// Between two areas.
const GAP: usize = 2;

/// Where everything stands.
struct Layout {
    class: &'static str,
    /// Where the areas begin from the left.
    left: usize,
    /// From one area to the next, and from one row to the next.
    cell: usize,
    row: usize,
    /// Of a row, what stands above its areas.
    above: usize,
    area: (usize, usize),
    /// Whether the categories are named below their codes.
    names: bool,
    /// From one step of the legend to the next.
    step: usize,
}

impl Layout {
    fn beside(rows: &[HeatRow]) -> Self {
        let widest = rows
            .iter()
            .map(|row| width_of(&row.name, 13.0))
            .fold(80.0, f64::max);
        Layout {
            class: "wide",
            left: widest.ceil() as usize + 8 + SIZE,
            cell: 78,
            row: 28,
            above: 0,
            area: (78 - GAP, 26),
            names: true,
            step: 72,
        }
    }

    /// For ten categories 360 wide: no scrolling aside, which would hide the names of the rows.
    fn above() -> Self {
        Layout {
            class: "narrow",
            left: 0,
            cell: 36,
            row: 50,
            above: 18,
            area: (36 - GAP, 24),
            names: false,
            step: 60,
        }
    }
}

impl HeatMap {
    /// Lays the picture out for a page: names beside the rows.
    pub fn new(title: &str, rows: &[HeatRow], categories: &[Category], counted: Counted, lang: Lang) -> Self {
        Self::lay_out(title, rows, categories, counted, lang, &Layout::beside(rows))
    }

    /// Lays the picture out for the screen of a telephone: names above the rows.
    pub fn narrow(
        title: &str,
        rows: &[HeatRow],
        categories: &[Category],
        counted: Counted,
        lang: Lang,
    ) -> Self {
        Self::lay_out(title, rows, categories, counted, lang, &Layout::above())
    }

    fn lay_out(
        title: &str,
        rows: &[HeatRow],
        categories: &[Category],
        counted: Counted,
        lang: Lang,
        layout: &Layout,
    ) -> Self {
        let heads: Vec<_> = (0..)
            .zip(categories)
            .map(|(place, category)| Head::new(layout, place, category))
            .collect();
        let most = heads.iter().map(|head: &Head| head.lines.len()).max();
        let head = 22 + most.filter(|most| *most > 0).map_or(0, |most| 12 + most * 14);
        let bottom = head + rows.len() * layout.row;
        let line = |(place, row): (usize, &HeatRow)| {
            let y = head + place * layout.row + layout.above;
            let text_y = y + layout.area.1 / 2 + 5;
            let width = layout.left.max(categories.len() * layout.cell);
            Line {
                y,
                text_y,
                name: row.name.clone(),
                name_y: if layout.above > 0 { y - 5 } else { text_y },
                size: counted.size(row.size, lang),
                size_x: if layout.above > 0 {
                    width - GAP
                } else {
                    layout.left - 10
                },
                cells: (0..)
                    .zip(row.rates.iter().zip(categories))
                    .map(|(place, (rate, category))| {
                        HeatCell::new(layout, place, row, rate, category, counted, lang)
                    })
                    .collect(),
            }
        };
        HeatMap {
            title: title.to_owned(),
            class: layout.class,
            fonts: FONTS,
            shades: &LIGHT,
            width: layout.left + categories.len() * layout.cell,
            height: bottom + 52,
            area: layout.area,
            heads,
            lines: rows.iter().enumerate().map(line).collect(),
            legend: (0..)
                .zip(legend())
                .map(|(place, step)| Step::new(layout, place, step))
                .collect(),
            legend_y: bottom + 18,
            small_note: lang.pick(
                "* 母数が少ない　– 不明・母数なし",
                "* small base; – not known or no base",
            ),
        }
    }
}

impl Head {
    fn new(layout: &Layout, place: usize, category: &Category) -> Self {
        let lines = wrap(&category.name, 12);
        let most = if layout.names { NAME_LINES } else { 0 };
        let mut shown: Vec<_> = lines.iter().take(most).cloned().collect();
        if let (true, Some(last)) = (lines.len() > most, shown.last_mut()) {
            last.pop();
            last.push('…');
        }
        Head {
            x: layout.left + place * layout.cell + GAP,
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
        layout: &Layout,
        place: usize,
        row: &HeatRow,
        rate: &Rate,
        category: &Category,
        counted: Counted,
        lang: Lang,
    ) -> Self {
        let x = layout.left + place * layout.cell;
        let mark = if rate.small && rate.rate.is_some() {
            "*"
        } else {
            ""
        };
        HeatCell {
            x,
            text_x: x + layout.area.0 / 2,
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
    fn new(layout: &Layout, place: usize, (shade, text): (usize, String)) -> Self {
        let x = layout.left + place * layout.step;
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
