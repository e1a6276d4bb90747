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
            if let Some(name) = item
                .codes
                .iter()
                .chain(&item.except)
                .find(|c| !known.contains(c.get_ref()))
            {
                let message = format!("the scheme has no code or facet \"{}\"", name.get_ref());
                return Err(wrong(name, message));
            }
        }
        crosswalks.push(crosswalk(frame));
    }
    Ok(crosswalks)
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
