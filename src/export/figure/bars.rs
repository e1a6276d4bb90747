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
    left: usize,
    scale: usize,
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

const ROW: usize = 34;
const TOP: usize = 24;
const SCALE: usize = 400;
const ID: usize = 40;
const NUMBERS: usize = 170;

impl Bars {
    /// Lays the picture out: a rate for every category.
    pub fn new(title: &str, rates: &[(Category, Rate)], counted: Counted, lang: Lang) -> Self {
        let widest = rates
            .iter()
            .map(|(category, _)| width_of(&category.name, 13.0))
            .fold(60.0, f64::max);
        let left = ID + widest.ceil() as usize + 12;
        let bars = (0..).zip(rates).map(|(place, (category, rate))| Bar {
            y: TOP + place * ROW,
            id: category.id.clone(),
            name: category.name.clone(),
            length: rate.rate.map(|rate| tenth(rate * SCALE as f64)),
            interval: rate
                .rate
                .and(rate.interval)
                .map(|(low, high)| (at(left, low), at(left, high))),
            percent: rate.percent(),
            counts: format!("{}/{}{}", rate.disclosed, rate.base, counted.name(lang)),
            told: format!("{} {}: {}", category.id, category.name, rate.told(counted, lang)),
        });
        let height = TOP + rates.len() * ROW;
        Bars {
            title: title.to_owned(),
            fonts: FONTS,
            left,
            scale: SCALE,
            width: left + SCALE + NUMBERS,
            height: height + 26,
            ticks: (0..=4)
                .map(|step| (left + step * SCALE / 4, format!("{}%", step * 25)))
                .collect(),
            bars: bars.collect(),
            note: lang.pick("細い線は95%区間（Wilson）", "Thin lines: 95% intervals (Wilson)"),
        }
    }
}

fn at(left: usize, rate: f64) -> f64 {
    tenth(left as f64 + rate * SCALE as f64)
}
