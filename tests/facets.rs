//! The facets of the default scheme against the passages of our own gold that are coded for them.

mod common;

use common::{Dir, root};
use serde_json::Value;

/// Facets with fewer gold passages say little: one passage moves their figure by several points.
const ENOUGH: u64 = 12;

/// What codes and facets together reach, what facets reach where the code is right, and what every facet with
/// [`ENOUGH`] passages reaches: the figures when the floors were set, rounded down; they only rise.
const MICRO: f64 = 0.81;
const WITHIN_CODES: f64 = 0.86;
const EACH: f64 = 0.55;

/// Facets still below [`EACH`], with floors of their own: that something was improved is told by what was done as often
/// as by a word for it.
const BEHIND: [(&str, f64); 1] = [("C06.improvement", 0.25)];

fn evaluation() -> Value {
    let gold = |name: &str| root().join("tests/gold").join(name).display().to_string();
    let (a, b) = (gold("dev_a.jsonl"), gold("dev_b.jsonl"));
    let dictionaries = root().join("dictionaries").display().to_string();
    let dir = Dir::new();
    let ran = dir.run(&["evaluate", "--dictionaries", &dictionaries, &a, &b, "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("JSON")
}

#[test]
fn facets_stay_above_their_floors() {
    let facets = &evaluation()["facets"];
    assert!(facets["passages"].as_u64().is_some_and(|n| n >= 150), "{facets}");
    let micro = |of: &str| facets[of]["micro_f1"].as_f64().expect("a figure");
    assert!(micro("overall") >= MICRO, "micro-F1 {:.3}", micro("overall"));
    let within = micro("within_codes");
    assert!(within >= WITHIN_CODES, "micro-F1 of right codes {within:.3}");
    let mut below = Vec::new();
    for facet in facets["facets"].as_array().expect("facets") {
        let name = facet["code"].as_str().expect("a name");
        let floor = BEHIND
            .iter()
            .find(|(n, _)| *n == name)
            .map_or(EACH, |(_, floor)| *floor);
        let f1 = facet["f1"].as_f64().unwrap_or(0.0);
        if facet["n"].as_u64().is_some_and(|n| n >= ENOUGH) && f1 < floor {
            below.push(format!("{name}: F1 {f1:.3} is below {floor}"));
        }
    }
    assert!(below.is_empty(), "{}", below.join("\n"));
}
