//! The years of each category: small pictures of the same scale, side by side.

use askama::Template;

use super::{Category, Counted, FONTS, Rate, tenth, wrap};
use crate::export::Lang;

/// A category through the years.
#[derive(Debug, Clone)]
pub struct Slope {
    /// The category.
    pub category: Category,
    /// Fiscal years, ascending, with their rates.
    pub years: Vec<(i64, Rate)>,
}

/// The picture: five to a row, or two on a narrow screen.
#[derive(Template)]
#[template(path = "figures/slopes.svg")]
pub struct Slopes {
    title: String,
    class: &'static str,
    fonts: &'static str,
    width: usize,
    height: usize,
    panels: Vec<Panel>,
}

struct Panel {
    x: usize,
    y: usize,
    id: String,
    names: Vec<(usize, String)>,
    told: String,
    line: String,
    points: Vec<Point>,
    years: Vec<(f64, i64)>,
}

struct Point {
    x: f64,
    y: f64,
    label_y: f64,
    label: String,
    interval: Option<(f64, f64)>,
}

const PANEL: usize = 192;
const HIGH: usize = 214;
/// The plot within a panel.
const LEFT: f64 = 26.0;
const RIGHT: f64 = 150.0;
const TOP: f64 = 70.0;
const BOTTOM: f64 = 166.0;

impl Slopes {
    /// Lays the picture out for a page.
    pub fn new(title: &str, slopes: &[Slope], counted: Counted, lang: Lang) -> Self {
        Self::lay_out(title, slopes, counted, lang, ("wide", 5))
    }

    /// Lays the picture out for the screen of a telephone.
    pub fn narrow(title: &str, slopes: &[Slope], counted: Counted, lang: Lang) -> Self {
        Self::lay_out(title, slopes, counted, lang, ("narrow", 2))
    }

    fn lay_out(
        title: &str,
        slopes: &[Slope],
        counted: Counted,
        lang: Lang,
        (class, across): (&'static str, usize),
    ) -> Self {
        let panels = (0..)
            .zip(slopes)
            .map(|(place, slope)| Panel::new((place % across, place / across), slope, counted, lang));
        Slopes {
            title: title.to_owned(),
            class,
            fonts: FONTS,
            width: PANEL * across,
            height: HIGH * slopes.len().div_ceil(across),
            panels: panels.collect(),
        }
    }
}

impl Panel {
    fn new((column, row): (usize, usize), slope: &Slope, counted: Counted, lang: Lang) -> Self {
        let last = slope.years.len().saturating_sub(1).max(1) as f64;
        let x_of = |index: usize| tenth(LEFT + (RIGHT - LEFT) * index as f64 / last);
        let points: Vec<Point> = slope
            .years
            .iter()
            .enumerate()
            .filter_map(|(index, (_, rate))| Point::new(x_of(index), rate))
            .collect();
        let each = slope
            .years
            .iter()
            .map(|(year, rate)| format!("{year}: {}", rate.told(counted, lang)));
        let told = format!(
            "{} {} — {}",
            slope.category.id,
            slope.category.name,
            each.collect::<Vec<_>>().join(" → ")
        );
        let names = wrap(&slope.category.name, 32);
        Panel {
            x: column * PANEL,
            y: row * HIGH,
            id: slope.category.id.clone(),
            names: (0..)
                .zip(names.into_iter().take(2))
                .map(|(line, text)| (30 + line * 14, text))
                .collect(),
            told,
            line: path(&slope.years, x_of),
            points,
            years: slope
                .years
                .iter()
                .enumerate()
                .map(|(index, (year, _))| (x_of(index), *year))
                .collect(),
        }
    }
}

impl Point {
    fn new(x: f64, rate: &Rate) -> Option<Self> {
        let y = y_of(rate.rate?);
        Some(Point {
            x,
            y,
            // Above the point, where the interval is not.
            label_y: tenth(y - 8.0),
            label: rate.whole(),
            interval: rate.interval.map(|(low, high)| (y_of(low), y_of(high))),
        })
    }
}

fn y_of(rate: f64) -> f64 {
    tenth(BOTTOM - (BOTTOM - TOP) * rate)
}

/// The line through the years; broken where a year has no rate.
fn path(years: &[(i64, Rate)], x_of: impl Fn(usize) -> f64) -> String {
    let mut path = String::new();
    let mut pen_down = false;
    for (index, (_, rate)) in years.iter().enumerate() {
        let Some(rate) = rate.rate else {
            pen_down = false;
            continue;
        };
        let command = if pen_down { 'L' } else { 'M' };
        path += &format!("{command}{} {}", x_of(index), y_of(rate));
        pen_down = true;
    }
    path
}
