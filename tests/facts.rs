//! Facts against a gold of our own: every certification, membership, response team and officer of the in-scope passages
//! of `tests/gold/dev_a.jsonl` and `dev_b.jsonl`, and every figure of `a001` to `a240`.

mod common;

use std::collections::BTreeMap;

use common::root;
use mieruka::facts::{FactFinder, FactInput};
use serde_json::Value;

/// Last passage of which the figures are coded.
const FIGURES_UP_TO: &str = "a240";

fn lines(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(root().join("tests/gold").join(name)).expect("the gold");
    text.lines()
        .map(|l| serde_json::from_str(l).expect("JSON"))
        .collect()
}

/// What a fact must have in common with the gold's.
#[derive(Debug, Clone)]
struct Told {
    id: String,
    kind: String,
    name: String,
    value: Option<f64>,
    unit: String,
    measure: String,
}

impl Told {
    fn of_gold(line: &Value) -> Self {
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        Self {
            id: text("id"),
            kind: text("kind"),
            name: text("name"),
            value: line["value"].as_f64(),
            unit: text("unit"),
            measure: text("measure"),
        }
    }

    /// A figure is the same when value and unit are and one name of what it measures contains the other.
    fn is(&self, other: &Self) -> bool {
        let same = self.id == other.id && self.kind == other.kind;
        if self.kind != "figure" {
            return same && self.name == other.name;
        }
        let named = self.measure.contains(&other.measure) || other.measure.contains(&self.measure);
        same && self.value == other.value && self.unit == other.unit && named
    }
}

fn found_by_machine() -> Vec<Told> {
    let rules = std::fs::read_to_string(root().join("dictionaries/facts.toml")).expect("facts.toml");
    let finder = FactFinder::new(&rules, "facts.toml").expect("sound rules");
    let mut found = Vec::new();
    for passage in [lines("dev_a.jsonl"), lines("dev_b.jsonl")].concat() {
        if passage["in_scope"] != true || passage["unit"] == "heading" {
            continue;
        }
        let id = passage["id"].as_str().expect("an id");
        let headings: Vec<String> = passage["headings"]
            .as_array()
            .expect("headings")
            .iter()
            .map(|h| h.as_str().unwrap_or_default().to_owned())
            .collect();
        let input = FactInput {
            text: passage["text"].as_str().expect("a text"),
            headings: &headings,
        };
        for fact in finder.find(&input) {
            if fact.kind.id() == "figure" && id > FIGURES_UP_TO {
                continue;
            }
            found.push(Told {
                id: id.to_owned(),
                kind: fact.kind.id().to_owned(),
                name: fact.name,
                value: fact.value,
                unit: fact.unit,
                measure: fact.measure,
            });
        }
    }
    found
}

/// Takes what both have out of both; how many by kind.
fn matched(gold: &mut Vec<Told>, found: &mut Vec<Told>) -> BTreeMap<String, usize> {
    let mut both = BTreeMap::new();
    found.retain(|f| match gold.iter().position(|g| g.is(f)) {
        Some(at) => {
            *both.entry(gold.remove(at).kind).or_default() += 1;
            false
        }
        None => true,
    });
    both
}

/// The floors are what was reached when they were set; they only rise.
#[test]
fn precision_and_recall_stay_above_their_floors() {
    let mut gold: Vec<Told> = lines("facts.jsonl").iter().map(Told::of_gold).collect();
    let mut found = found_by_machine();
    assert!(gold.len() >= 120, "{} facts coded", gold.len());
    let both = matched(&mut gold, &mut found);
    let floors = [
        ("certification", 1.0, 0.9),
        ("membership", 1.0, 0.9),
        ("csirt", 0.9, 0.9),
        ("officer", 1.0, 0.9),
        ("figure", 0.97, 0.85),
    ];
    for (kind, precision_floor, recall_floor) in floors {
        let hits = both.get(kind).copied().unwrap_or(0) as f64;
        let missed: Vec<_> = gold.iter().filter(|g| g.kind == kind).collect();
        let extra: Vec<_> = found.iter().filter(|f| f.kind == kind).collect();
        let precision = hits / (hits + extra.len() as f64);
        let recall = hits / (hits + missed.len() as f64);
        println!("{kind}: {hits} found, precision {precision:.3}, recall {recall:.3}");
        println!("  missed {missed:?}\n  extra {extra:?}");
        assert!(
            precision >= precision_floor,
            "{kind}: precision {precision:.3}; not in the gold: {extra:?}"
        );
        assert!(
            recall >= recall_floor,
            "{kind}: recall {recall:.3}; missed: {missed:?}"
        );
    }
}
