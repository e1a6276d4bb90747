//! Reads the files of `classifications/`, naming every mistake with its line.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::{Classifications, Industry, Kind, TseIndustry, name_key};
use crate::dictionaries::Dictionaries;
use crate::manifest::problem::{Place, Report, did_you_mean, quoted};
use crate::manifest::record::{Record, Scalar, array_of_tables, parse_toml};
use crate::manifest::{Frame, Regime};

/// Reads the four files.
pub(super) fn read(dictionaries: &Dictionaries, report: &mut Report) -> Classifications {
    let mut sectors = Vec::new();
    let mut groups = Vec::new();
    let mut industries = Vec::new();
    with_file(
        dictionaries,
        "nikkei.toml",
        &["sectors", "groups", "industry"],
        report,
        |file, table, report| {
            sectors = names(table, "sectors", file, report);
            groups = names(table, "groups", file, report);
            industries = read_industries(table, &sectors, &groups, file, report);
        },
    );
    let mut tse33 = Vec::new();
    with_file(
        dictionaries,
        "tse33.toml",
        &["industry"],
        report,
        |file, table, report| {
            tse33 = read_tse33(table, file, report);
        },
    );
    let mut kinds = Vec::new();
    with_file(
        dictionaries,
        "kinds.toml",
        &["kind"],
        report,
        |file, table, report| {
            kinds = read_kinds(table, file, report);
        },
    );
    let mut frames = Vec::new();
    with_file(
        dictionaries,
        "frames.toml",
        &["frame"],
        report,
        |file, table, report| {
            frames = read_frames(table, &industries, file, report);
        },
    );
    Classifications {
        sectors,
        groups,
        industries,
        tse33,
        kinds,
        frames,
    }
}

/// Opens a file of `classifications/` and refuses keys it does not know.
fn with_file(
    dictionaries: &Dictionaries,
    name: &str,
    keys: &[&str],
    report: &mut Report,
    read: impl FnOnce(usize, &DeTable<'_>, &mut Report),
) {
    let name = format!("classifications/{name}");
    let found = match dictionaries.read(&name) {
        Ok(found) => found,
        Err(error) => {
            let file = report.add_file(&format!("dictionaries/{name}"), "");
            report.error(
                report.line(file, 0),
                format!("cannot be read: {error}"),
                "correct the file (UTF-8), or remove it to use the embedded copy",
            );
            return;
        }
    };
    let shown = match &found.path {
        Some(path) => path.display().to_string(),
        None => format!("dictionaries/{name}"),
    };
    let text = found.text.strip_prefix('\u{FEFF}').unwrap_or(&found.text);
    let file = report.add_file(&shown, text);
    let Some(table) = parse_toml(text, file, report) else {
        return;
    };
    for (key, _) in table.get_ref().iter() {
        let key_name: &str = key.get_ref();
        if !keys.contains(&key_name) {
            let place = report.place(file, key.span().start);
            report.error(
                place,
                format!("unknown key {}", quoted(key_name)),
                did_you_mean(key_name, keys),
            );
        }
    }
    read(file, table.get_ref(), report);
}

/// A top-level list of names.
fn names(table: &DeTable<'_>, key: &str, file: usize, report: &mut Report) -> Vec<String> {
    let found = table
        .get(key)
        .and_then(|v| v.get_ref().as_array())
        .and_then(|items| {
            items
                .iter()
                .map(|item| item.get_ref().as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
        });
    found.filter(|list| !list.is_empty()).unwrap_or_else(|| {
        report.error(
            report.line(file, 0),
            format!("{key} is missing or not a list of texts"),
            format!("write {key} = [\"…\", \"…\"]"),
        );
        Vec::new()
    })
}

/// Names already taken in a classification, so that no name means two things.
#[derive(Default)]
struct Taken(BTreeMap<String, Place>);

impl Taken {
    fn claim(&mut self, name: &str, place: Place, report: &mut Report) {
        // An entry may repeat its own name: that is no ambiguity.
        if let Some(first) = self
            .0
            .insert(name_key(name), place)
            .filter(|first| *first != place)
        {
            let first = report.describe(first, place);
            report.error(
                place,
                format!("{} is used twice (first: {first})", quoted(name)),
                "each name, id and alias may stand once; remove one",
            );
        }
    }
}

/// The records of `[[name]]` with their keys checked.
fn records(
    table: &DeTable<'_>,
    (name, what): (&str, &'static str),
    keys: &[&str],
    nested: &[&str],
    file: usize,
    report: &mut Report,
) -> Vec<Record> {
    array_of_tables(table, name, name, file, report)
        .iter()
        .map(|t| Record::from_table(what, t, keys, nested, file, report))
        .collect()
}

const NEEDED: &str = "every entry needs it";

fn list(record: &Record, key: &str, report: &mut Report) -> Vec<String> {
    match record.fields.get(key) {
        None => Vec::new(),
        Some(field) => match &field.value {
            Scalar::List(list) => list.clone(),
            other => {
                report.error(
                    field.place,
                    format!("{key} is {}, and a list of texts is needed", other.type_name()),
                    format!("write {key} = [\"…\", \"…\"]"),
                );
                Vec::new()
            }
        },
    }
}

fn read_industries(
    table: &DeTable<'_>,
    sectors: &[String],
    groups: &[String],
    file: usize,
    report: &mut Report,
) -> Vec<Industry> {
    let keys = ["name", "sector", "group", "aliases"];
    let mut taken = Taken::default();
    let mut industries = Vec::new();
    for record in records(table, ("industry", "[[industry]]"), &keys, &[], file, report) {
        let name = record.required("name", NEEDED, report);
        let sector = one_of(&record, "sector", sectors, report);
        let group = one_of(&record, "group", groups, report);
        let aliases = list(&record, "aliases", report);
        let (Some((name, place)), Some(sector), Some(group)) = (name, sector, group) else {
            continue;
        };
        for taken_name in std::iter::once(&name).chain(&aliases) {
            taken.claim(taken_name, place, report);
        }
        industries.push(Industry {
            name,
            sector,
            group,
            aliases,
        });
    }
    industries
}

fn one_of(record: &Record, key: &str, choices: &[String], report: &mut Report) -> Option<String> {
    let (value, place) = record.required(key, NEEDED, report)?;
    if choices.contains(&value) {
        return Some(value);
    }
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    report.error(
        place,
        format!("unknown {key} {}", quoted(&value)),
        did_you_mean(&value, &choices),
    );
    None
}

fn read_tse33(table: &DeTable<'_>, file: usize, report: &mut Report) -> Vec<TseIndustry> {
    let mut taken = Taken::default();
    let mut industries = Vec::new();
    for record in records(
        table,
        ("industry", "[[industry]]"),
        &["code", "name", "aliases"],
        &[],
        file,
        report,
    ) {
        let code = record.required("code", NEEDED, report);
        let name = record.required("name", NEEDED, report);
        let aliases = list(&record, "aliases", report);
        let (Some((code, _)), Some((name, place))) = (code, name) else {
            continue;
        };
        for taken_name in [&code, &name].into_iter().chain(&aliases) {
            taken.claim(taken_name, place, report);
        }
        industries.push(TseIndustry { code, name, aliases });
    }
    industries
}

fn read_kinds(table: &DeTable<'_>, file: usize, report: &mut Report) -> Vec<Kind> {
    let keys = ["name", "id", "regime", "aliases", "interim", "file_hints"];
    let mut taken = Taken::default();
    let mut kinds = Vec::new();
    for record in records(table, ("kind", "[[kind]]"), &keys, &[], file, report) {
        let name = record.required("name", NEEDED, report);
        let id = record.required("id", NEEDED, report);
        let regime = regime(&record, report);
        let aliases = list(&record, "aliases", report);
        let interim = list(&record, "interim", report);
        let file_hints = list(&record, "file_hints", report);
        let (Some((name, place)), Some((id, _)), Some(regime)) = (name, id, regime) else {
            continue;
        };
        for taken_name in [&name, &id].into_iter().chain(&aliases).chain(&interim) {
            taken.claim(taken_name, place, report);
        }
        kinds.push(Kind {
            name,
            id,
            regime,
            aliases,
            interim,
            file_hints,
        });
    }
    kinds
}

fn regime(record: &Record, report: &mut Report) -> Option<Regime> {
    let (value, place) = record.required("regime", NEEDED, report)?;
    match value.as_str() {
        "制度" | "制度開示" => Some(Regime::Required),
        "任意" | "任意開示" => Some(Regime::Voluntary),
        "–" | "-" | "その他" => Some(Regime::Other),
        _ => {
            report.error(
                place,
                format!("unknown regime {}", quoted(&value)),
                "write 制度, 任意 or –",
            );
            None
        }
    }
}

fn read_frames(table: &DeTable<'_>, industries: &[Industry], file: usize, report: &mut Report) -> Vec<Frame> {
    let mut frames = Vec::new();
    for frame in array_of_tables(table, "frame", "frame", file, report) {
        let record = Record::from_table(
            "[[frame]]",
            &frame,
            &["id", "name", "source"],
            &["counts"],
            file,
            report,
        );
        let id = record.required("id", NEEDED, report);
        let Some(DeValue::Table(counts)) = frame.get_ref().get("counts").map(|c| c.get_ref()) else {
            report.error(
                record.place,
                "[[frame]] has no counts",
                "write [frame.counts] and \"化学\" = 17 below it",
            );
            continue;
        };
        let counts = read_counts(counts, industries, file, report);
        if let Some((id, _)) = id {
            frames.push(Frame { id, counts });
        }
    }
    frames
}

/// The counts in the order of the industries.
fn read_counts(
    counts: &DeTable<'_>,
    industries: &[Industry],
    file: usize,
    report: &mut Report,
) -> Vec<(String, u32)> {
    let known: Vec<&str> = industries.iter().map(|i| i.name.as_str()).collect();
    let mut by_industry = BTreeMap::new();
    for (key, value) in counts.iter() {
        let name: &str = key.get_ref();
        let place = report.place(file, key.span().start);
        let Some(position) = known.iter().position(|k| *k == name) else {
            let cure = did_you_mean(name, &known);
            report.error(place, format!("unknown industry {}", quoted(name)), cure);
            continue;
        };
        match value
            .get_ref()
            .as_integer()
            .and_then(|i| i.to_string().parse::<u32>().ok())
        {
            Some(count) => {
                by_industry.insert(position, (name.to_owned(), count));
            }
            None => report.error(
                place,
                format!("the count of {name} is not a number of companies"),
                "write 0, 1, 2 …",
            ),
        }
    }
    by_industry.into_values().collect()
}
