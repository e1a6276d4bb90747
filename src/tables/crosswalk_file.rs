//! The file beside a scheme that says how its codes and facets make the items of other frames:
//! `dictionaries/schemes/<scheme>.crosswalks.toml`.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;

use super::{Classification, CodeLabel, Crosswalk};

/// What is wrong with a file of crosswalks.
#[derive(Debug, thiserror::Error)]
pub enum CrosswalkError {
    /// It is not TOML, or a key is missing, unknown or of the wrong kind.
    #[error("{file}: {message}")]
    Malformed {
        /// How the file is named.
        file: String,
        /// What is wrong, with its line.
        message: String,
    },
    /// A code or facet that the scheme does not have, or an id given twice.
    #[error("{file}:{line}: {message}")]
    Wrong {
        /// How the file is named.
        file: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong and what to do.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    frame: Vec<Frame>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    id: Spanned<String>,
    /// For people who read the file.
    #[serde(rename = "ja")]
    _ja: String,
    #[serde(rename = "en")]
    _en: String,
    #[serde(default)]
    item: Vec<Item>,
    /// Codes that nothing in the frame corresponds to.
    #[serde(default)]
    none: Vec<Spanned<String>>,
    /// Items of the frame that nothing in the scheme corresponds to; for people who read the file.
    #[serde(default, rename = "uncoded")]
    _uncoded: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    id: Spanned<String>,
    ja: String,
    en: String,
    codes: Vec<Spanned<String>>,
    #[serde(default)]
    except: Vec<Spanned<String>>,
}

/// Reads a file of crosswalks.
///
/// # Arguments
/// * `known` - the codes (`C06`) and facets (`C06.audit`) of the scheme.
///
/// # Errors
/// [`CrosswalkError`], the first that is found, with its line.
pub fn read_crosswalks(
    text: &str,
    file: &str,
    known: &BTreeSet<String>,
) -> Result<Vec<Crosswalk>, CrosswalkError> {
    let parsed: File = toml::from_str(text).map_err(|e| CrosswalkError::Malformed {
        file: file.to_owned(),
        message: e.to_string(),
    })?;
    let wrong = |at: &Spanned<String>, message: String| CrosswalkError::Wrong {
        file: file.to_owned(),
        line: text[..at.span().start.min(text.len())].matches('\n').count() + 1,
        message,
    };
    let mut ids = BTreeSet::new();
    let mut crosswalks = Vec::with_capacity(parsed.frame.len());
    for frame in parsed.frame {
        let mut once = |id: &Spanned<String>| match ids.insert(id.get_ref().clone()) {
            true => Ok(()),
            false => Err(wrong(
                id,
                format!("the id \"{}\" is given twice: rename one", id.get_ref()),
            )),
        };
        once(&frame.id)?;
        for item in &frame.item {
            once(&item.id)?;
            for entry in item.codes.iter().chain(&item.except) {
                if let Some(name) = Classification::names(entry.get_ref()).find(|n| !known.contains(*n)) {
                    let message = format!("the scheme has no code or facet \"{name}\"");
                    return Err(wrong(entry, message));
                }
            }
        }
        check_every_code(&frame, known).map_err(|(at, message)| wrong(at, message))?;
        crosswalks.push(crosswalk(frame));
    }
    Ok(crosswalks)
}

/// Every code of the scheme makes an item of the frame, by itself or by a facet, or stands under `none`.
fn check_every_code<'a>(
    frame: &'a Frame,
    known: &BTreeSet<String>,
) -> Result<(), (&'a Spanned<String>, String)> {
    let entries = frame.item.iter().flat_map(|item| &item.codes);
    let used: BTreeSet<&str> = entries
        .flat_map(|entry| Classification::names(entry.get_ref()))
        .map(|name| name.split('.').next().unwrap_or(name))
        .collect();
    for code in &frame.none {
        let name = code.get_ref();
        if !known.contains(name) {
            return Err((code, format!("the scheme has no code \"{name}\"")));
        }
        if used.contains(name.as_str()) {
            let message = format!("\"{name}\" stands under none and in an item: take it out of one");
            return Err((code, message));
        }
    }
    let told = |code: &str| used.contains(code) || frame.none.iter().any(|n| n.get_ref() == code);
    match known.iter().find(|name| !name.contains('.') && !told(name)) {
        Some(code) => {
            let message = format!(
                "nothing is said of \"{code}\": put it into an item, or under none = [\"{code}\"] if the frame has no \
                 counterpart"
            );
            Err((&frame.id, message))
        }
        None => Ok(()),
    }
}

fn crosswalk(frame: Frame) -> Crosswalk {
    let plain = |names: Vec<Spanned<String>>| names.into_iter().map(Spanned::into_inner).collect::<Vec<_>>();
    let (items, excepts): (Vec<_>, Vec<_>) = frame
        .item
        .into_iter()
        .map(|item| {
            let label = CodeLabel {
                id: item.id.into_inner(),
                ja: item.ja,
                en: item.en,
            };
            ((label, plain(item.codes)), plain(item.except))
        })
        .unzip();
    let mut classification = Classification::new(items);
    for (place, facets) in excepts.into_iter().enumerate() {
        classification.except(place, facets);
    }
    Crosswalk {
        id: frame.id.into_inner(),
        classification,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::CodedPassage;

    const FILE: &str = r#"
[[frame]]
id = "v3"
ja = "版"
en = "edition"
[[frame.item]]
id = "v3-06"
ja = "継続的改善"
en = "improvement"
codes = ["C06"]
except = ["C06.disclosure"]
[[frame.item]]
id = "v3-10"
ja = "開示"
en = "disclosure"
codes = ["C10", "C06.disclosure"]
"#;

    fn known() -> BTreeSet<String> {
        ["C06", "C10", "C06.disclosure", "C06.audit"]
            .map(String::from)
            .into()
    }

    fn passage(codes: &[&str], facets: &[&str]) -> CodedPassage {
        let own = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        CodedPassage {
            first_page: 1,
            chars: 1,
            codes: own(codes),
            facets: own(facets),
            quotes: Vec::new(),
        }
    }

    #[test]
    fn a_facet_that_moved_is_counted_where_it_went_only() {
        let crosswalks = read_crosswalks(FILE, "x.toml", &known()).unwrap();
        let items =
            |codes: &[&str], facets: &[&str]| crosswalks[0].classification.items_of(&passage(codes, facets));
        assert_eq!(items(&["C06"], &["C06.disclosure"]), [1], "moved to 10");
        assert_eq!(
            items(&["C06"], &["C06.audit", "C06.disclosure"]),
            [0, 1],
            "an audit stays in 6"
        );
        assert_eq!(items(&["C06"], &[]), [0], "a code without a facet stays in 6");
        assert_eq!(items(&["C10"], &[]), [1]);
    }

    #[test]
    fn what_belongs_only_together_needs_both() {
        let file = FILE.replace(
            "codes = [\"C10\", \"C06.disclosure\"]",
            "codes = [\"C10 & C06.audit\"]",
        );
        let crosswalks = read_crosswalks(&file, "x.toml", &known()).unwrap();
        let items =
            |codes: &[&str], facets: &[&str]| crosswalks[0].classification.items_of(&passage(codes, facets));
        assert_eq!(items(&["C06", "C10"], &["C06.audit"]), [0, 1]);
        assert_eq!(items(&["C10"], &[]), [0; 0]);
        let lacks = file.replace("& C06.audit", "& C06.nothing");
        let error = read_crosswalks(&lacks, "x.toml", &known())
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("x.toml:16:"), "{error}");
    }

    #[test]
    fn a_code_without_counterpart_must_be_said_to_have_none() {
        let mut more = known();
        more.insert("C05".to_owned());
        let error = |text: &str| read_crosswalks(text, "x.toml", &more).unwrap_err().to_string();
        assert!(
            error(FILE).starts_with("x.toml:3: nothing is said of \"C05\""),
            "{}",
            error(FILE)
        );
        let said = FILE.replace("en = \"edition\"", "en = \"edition\"\nnone = [\"C05\"]");
        assert!(read_crosswalks(&said, "x.toml", &more).is_ok());
        let both = said.replace("none = [\"C05\"]", "none = [\"C05\", \"C10\"]");
        assert!(
            error(&both).starts_with("x.toml:6: \"C10\" stands under none"),
            "{}",
            error(&both)
        );
    }

    /// The crosswalk of the guide's ten categories, code by code: what each corresponds to, frame by frame.
    #[test]
    fn the_shipped_frames_are_those_of_the_crosswalk() {
        let text = include_str!("../../dictionaries/schemes/disclosure10.crosswalks.toml");
        let mut all: BTreeSet<String> = (1..=10).map(|n| format!("C{n:02}")).collect();
        let facets = [
            "C03.education",
            "C03.people",
            "C05.defence",
            "C05.detection",
            "C05.analysis",
            "C05.physical",
            "C06.certification",
            "C06.assessment",
            "C06.disclosure",
            "C06.improvement",
            "C06.incident-count",
            "C06.kpi",
            "C06.audit",
        ];
        all.extend(facets.map(String::from));
        let frames = read_crosswalks(text, "crosswalks.toml", &all).unwrap();
        let items = |frame: &str, code: &str, facets: &[&str]| -> Vec<String> {
            let of = &frames.iter().find(|f| f.id == frame).expect(frame).classification;
            let items = of.items_of(&passage(&[code], facets));
            items.into_iter().map(|i| of.labels()[i].id.clone()).collect()
        };
        let none: [&str; 0] = [];
        for (code, facets, main5, v1, v2, v3, model, csf) in [
            (
                "C01",
                &[][..],
                &["main5-1"][..],
                &["v1-01"][..],
                "v2-01",
                &["v3-01"][..],
                &["model-2"][..],
                &["GV"][..],
            ),
            (
                "C02",
                &[],
                &["main5-2"],
                &["v1-02"],
                "v2-02",
                &["v3-02"],
                &["model-3"],
                &["GV"],
            ),
            (
                "C03",
                &[],
                &none,
                &["v1-06"],
                "v2-03",
                &["v3-03"],
                &["model-5"],
                &["GV"],
            ),
            (
                "C03",
                &["C03.education"],
                &["main5-3"],
                &["v1-06"],
                "v2-03",
                &["v3-03"],
                &["model-5"],
                &["PR"],
            ),
            (
                "C04",
                &[],
                &none,
                &["v1-03"],
                "v2-04",
                &["v3-04"],
                &["model-3", "model-4"],
                &["ID"],
            ),
            (
                "C05",
                &["C05.defence"],
                &none,
                &none,
                "v2-05",
                &["v3-05"],
                &["model-5"],
                &["PR"],
            ),
            (
                "C05",
                &["C05.detection"],
                &none,
                &none,
                "v2-05",
                &["v3-05"],
                &["model-5"],
                &["DE"],
            ),
            (
                "C06",
                &["C06.audit"],
                &none,
                &["v1-04"],
                "v2-06",
                &["v3-06"],
                &["model-5"],
                &["GV"],
            ),
            (
                "C06",
                &["C06.disclosure"],
                &none,
                &["v1-04"],
                "v2-06",
                &["v3-10"],
                &["model-5"],
                &["GV"],
            ),
            (
                "C06",
                &["C06.kpi"],
                &none,
                &["v1-04"],
                "v2-06",
                &["v3-06"],
                &["model-4", "model-5"],
                &["GV"],
            ),
            (
                "C06",
                &["C06.certification"],
                &["main5-5"],
                &["v1-04"],
                "v2-06",
                &["v3-06"],
                &["model-5", "model-7"],
                &["GV"],
            ),
            (
                "C06",
                &["C06.improvement"],
                &none,
                &["v1-04"],
                "v2-06",
                &["v3-06"],
                &["model-5"],
                &["GV", "ID"],
            ),
            (
                "C06",
                &["C06.improvement", "C06.incident-count"],
                &none,
                &["v1-04"],
                "v2-06",
                &["v3-06", "v3-07"],
                &["model-5"],
                &["GV", "ID"],
            ),
            (
                "C07",
                &[],
                &none,
                &["v1-09", "v1-10"],
                "v2-07",
                &["v3-07"],
                &["model-5"],
                &["RS"],
            ),
            (
                "C08",
                &[],
                &none,
                &none,
                "v2-08",
                &["v3-08"],
                &["model-5"],
                &["RC"],
            ),
            (
                "C09",
                &[],
                &none,
                &["v1-05", "v1-07"],
                "v2-09",
                &["v3-09"],
                &["model-3", "model-5"],
                &["GV"],
            ),
            (
                "C10",
                &[],
                &["main5-4"],
                &["v1-08"],
                "v2-10",
                &["v3-10"],
                &["model-5"],
                &["ID", "RS"],
            ),
        ] {
            for (frame, expected) in [
                ("main5", main5),
                ("guideline-1", v1),
                ("guideline-2", &[v2][..]),
                ("guideline-3", v3),
                ("report-model", model),
                ("csf2", csf),
            ] {
                assert_eq!(items(frame, code, facets), expected, "{frame}: {code} {facets:?}");
            }
        }
    }

    #[test]
    fn what_the_scheme_lacks_is_named_with_its_line() {
        let wrong = FILE.replace("\"C10\"", "\"C11\"");
        let error = read_crosswalks(&wrong, "x.toml", &known())
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("x.toml:16:") && error.contains("C11"),
            "{error}"
        );
        let twice = FILE.replace("v3-10", "v3-06");
        assert!(
            read_crosswalks(&twice, "x.toml", &known())
                .unwrap_err()
                .to_string()
                .contains("twice")
        );
        assert!(read_crosswalks("frame = 3", "x.toml", &known()).is_err());
    }
}
