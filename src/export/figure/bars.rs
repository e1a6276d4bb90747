//! A bar per category, with its interval.

use askama::Template;

use super::{Category, Counted, FONTS, Rate, tenth, width_of};
use crate::export::Lang;

/// The picture: bars from the left, one below the other.
#[derive(Template)]
#[template(path = "figures/bars.svg")]
pub struct Bars {
    title: String,
    fonts: &'static str,
    class: &'static str,
    /// Names stand beside the bars, or above them.
    beside: bool,
    left: usize,
    /// Right end of the rates, left end of the counts, and from a row's top to their line.
    numbers: (usize, usize, usize),
    /// From a row's top to its bar.
    bar: usize,
    width: usize,
    height: usize,
    ticks: Vec<(usize, String)>,
    bars: Vec<Bar>,
    note: &'static str,
}

struct Bar {
    y: usize,
    id: String,
    name: String,
    /// Length, or none when there is no rate.
    length: Option<f64>,
    interval: Option<(f64, f64)>,
    percent: String,
    counts: String,
    told: String,
}

/// Where things stand: what differs between a page and the screen of a telephone.
#[derive(Clone, Copy)]
struct Layout {
    class: &'static str,
    left: usize,
    scale: usize,
    row: usize,
    bar: usize,
    numbers: (usize, usize, usize),
    width: usize,
}

const TOP: usize = 24;
const ID: usize = 40;

impl Layout {
    fn beside(rates: &[(Category, Rate)]) -> Self {
        let names = rates.iter().map(|(category, _)| width_of(&category.name, 13.0));
        let left = ID + names.fold(60.0, f64::max).ceil() as usize + 12;
        let scale = 420;
        let right = left + scale;
        Layout {
            class: "wide",
            left,
            scale,
            row: 34,
            bar: 6,
            numbers: (right + 68, right + 80, 20),
            width: right + 170,
        }
    }

    /// What is counted; on a narrow screen there is no room for the long English words, and the heading says it.
    fn unit(&self, counted: Counted, lang: Lang) -> &'static str {
        if self.left == 0 && lang == Lang::En {
            ""
        } else {
            counted.name(lang)
        }
    }

    fn above() -> Self {
        Layout {
            class: "narrow",
            left: 0,
            scale: 236,
            row: 56,
            bar: 26,
            numbers: (298, 304, 41),
            width: 360,
        }
    }
}

impl Bars {
    /// Lays the picture out for a page: names beside the bars.
    pub fn new(title: &str, rates: &[(Category, Rate)], counted: Counted, lang: Lang) -> Self {
        Self::lay_out(title, rates, counted, lang, Layout::beside(rates))
    }

    /// Lays the picture out for the screen of a telephone: names above the bars.
    pub fn narrow(title: &str, rates: &[(Category, Rate)], counted: Counted, lang: Lang) -> Self {
        Self::lay_out(title, rates, counted, lang, Layout::above())
    }

    fn lay_out(
        title: &str,
        rates: &[(Category, Rate)],
        counted: Counted,
        lang: Lang,
        layout: Layout,
    ) -> Self {
        let bars = (0..).zip(rates).map(|(place, (category, rate))| Bar {
            y: TOP + place * layout.row,
            id: category.id.clone(),
            name: category.name.clone(),
            length: rate.rate.map(|rate| tenth(rate * layout.scale as f64)),
            interval: rate
                .rate
                .and(rate.interval)
                .map(|(low, high)| (layout.at(low), layout.at(high))),
            percent: rate.percent(),
            counts: format!("{}/{}{}", rate.disclosed, rate.base, layout.unit(counted, lang)),
            told: format!("{} {}: {}", category.id, category.name, rate.told(counted, lang)),
        });
        let steps = if layout.left > 0 { 4 } else { 2 };
        let tick = |step| {
            (
                layout.left + step * layout.scale / steps,
                format!("{}%", step * 100 / steps),
            )
        };
        Bars {
            title: title.to_owned(),
            fonts: FONTS,
            class: layout.class,
            beside: layout.left > 0,
            left: layout.left,
            numbers: layout.numbers,
            bar: layout.bar,
            width: layout.width,
            height: TOP + rates.len() * layout.row + 26,
            ticks: (0..=steps).map(tick).collect(),
            bars: bars.collect(),
            note: lang.pick("細い線は95%区間（Wilson）", "Thin lines: 95% intervals (Wilson)"),
        }
    }

    /// A text at the left edge does not hang over it.
    fn anchor(&self, x: &usize) -> &'static str {
        if *x == 0 { "start" } else { "middle" }
    }
}

impl Layout {
    fn at(self, rate: f64) -> f64 {
        tenth(self.left as f64 + rate * self.scale as f64)
    }
}
