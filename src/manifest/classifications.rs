//! The classifications below `dictionaries/classifications/`: Nikkei's industries, TSE 33, kinds of report, frames.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};
use unicode_normalization::UnicodeNormalization;

use super::problem::{Place, Report, quoted};
use super::record::{Record, array_of_tables, parse_toml};
use super::{Frame, ManifestErrors, Regime};
use crate::dictionaries::Dictionaries;

/// One of Nikkei's 36 industries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Industry {
    /// Canonical name, e.g. 非鉄・金属.
    pub name: String,
    /// One of the 6 sectors.
    pub sector: String,
    /// One of the guide's five groups.
    pub group: String,
    /// Other ways to write it.
    pub aliases: Vec<String>,
}

/// One of the 33 industries of the Tokyo Stock Exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TseIndustry {
    /// Code of four digits as text: `3200`.
    pub code: String,
    /// Canonical name.
    pub name: String,
    /// Other ways to write it.
    pub aliases: Vec<String>,
}

/// A kind of report: section 2 of the guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// Canonical name, the one in tables.
    pub name: String,
    /// English id in snake_case.
    pub id: String,
    /// 制度 / 任意.
    pub regime: Regime,
    /// Other names.
    pub aliases: Vec<String>,
    /// Names of its interim forms (四半期報告書, 半期報告書), which count as this kind.
    pub interim: Vec<String>,
    /// What `mieruka init` looks for in file names.
    pub file_hints: Vec<String>,
}

/// All classifications, each in the order of its file, which is the order of tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classifications {
    /// Nikkei's sectors.
    pub sectors: Vec<String>,
    /// The guide's groups.
    pub groups: Vec<String>,
    /// Nikkei's industries.
    pub industries: Vec<Industry>,
    /// TSE 33.
    pub tse33: Vec<TseIndustry>,
    /// Kinds of report.
    pub kinds: Vec<Kind>,
    /// Frames.
    pub frames: Vec<Frame>,
}

impl Classifications {
    /// Reads the four files of `classifications/`, a user's before the embedded ones.
    ///
    /// # Errors
    /// Everything that is wrong in any of them, with file and line.
    pub fn load(dictionaries: &Dictionaries) -> Result<Self, ManifestErrors> {
        let mut report = Report::default();
        let classifications = Self::read(dictionaries, &mut report);
        report.finish().map(|_| classifications)
    }

    /// The industry of a name or alias; width, case, spaces and middle dots do not matter.
    pub fn industry(&self, name: &str) -> Option<&Industry> {
        let wanted = name_key(name);
        self.industries
            .iter()
            .find(|i| named(&wanted, &i.name, &i.aliases))
    }

    /// The TSE-33 industry of a code, name or alias.
    pub fn tse33(&self, name: &str) -> Option<&TseIndustry> {
        let wanted = name_key(name);
        self.tse33
            .iter()
            .find(|i| i.code == wanted || named(&wanted, &i.name, &i.aliases))
    }

    /// The kind of report of a name, id, alias or interim form.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        let wanted = name_key(name);
        self.kinds
            .iter()
            .find(|k| named(&wanted, &k.name, &k.aliases) || named(&wanted, &k.id, &k.interim))
    }

    /// The frame of an id.
    pub fn frame(&self, id: &str) -> Option<&Frame> {
        self.frames.iter().find(|f| f.id == id)
    }

    fn read(dictionaries: &Dictionaries, report: &mut Report) -> Self {
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
        Self {
            sectors,
            groups,
            industries,
            tse33,
            kinds,
            frames,
        }
    }
}

/// What names are compared by: NFKC, lower case, without spaces, middle dots and underscores.
pub(crate) fn name_key(name: &str) -> String {
    name.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace() && !matches!(c, '・' | '･' | '_' | '-'))
        .collect()
}

fn named(wanted: &str, name: &str, aliases: &[String]) -> bool {
    name_key(name) == wanted || aliases.iter().any(|a| name_key(a) == wanted)
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
                super::problem::did_you_mean(key_name, keys),
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
    use super::record::Scalar;
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
        super::problem::did_you_mean(&value, &choices),
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
            let cure = super::problem::did_you_mean(name, &known);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn embedded() -> Classifications {
        Classifications::load(&Dictionaries::embedded()).unwrap()
    }

    #[test]
    fn the_embedded_lists_are_those_of_the_guide() {
        let c = embedded();
        assert_eq!((c.sectors.len(), c.groups.len(), c.industries.len()), (6, 5, 36));
        assert_eq!((c.tse33.len(), c.kinds.len()), (33, 8));
        let frame = c.frame("nikkei225-guide").unwrap();
        assert_eq!(frame.counts.iter().map(|(_, n)| n).sum::<u32>(), 225);
        assert_eq!(frame.counts.len(), 36);
        assert_eq!(frame.counts[16], ("化学".to_owned(), 17));
        // Companies of the frame by sector, added up by hand from note 4 of the guide.
        let by_sector = |sector: &str| -> u32 {
            let count = |i: &Industry| {
                frame
                    .counts
                    .iter()
                    .find(|(n, _)| *n == i.name)
                    .map_or(0, |(_, n)| *n)
            };
            c.industries
                .iter()
                .filter(|i| i.sector == sector)
                .map(count)
                .sum()
        };
        let sums: Vec<u32> = c.sectors.iter().map(|s| by_sector(s)).collect();
        assert_eq!(sums, [57, 21, 33, 59, 35, 20]);
        let transport: Vec<&str> = c
            .industries
            .iter()
            .filter(|i| i.group == "運輸・交通")
            .map(|i| i.name.as_str())
            .collect();
        assert_eq!(transport, ["鉄道・バス", "陸運", "海運", "空運", "倉庫"]);
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        let c = embedded();
        assert_eq!(c.industry("非鉄金属").unwrap().name, "非鉄・金属");
        assert_eq!(c.industry("ｶﾞｽ").unwrap().sector, "運輸・公共");
        assert_eq!(c.tse33("3200").unwrap().name, "化学");
        assert_eq!(c.tse33("情報･通信業").unwrap().code, "5250");
        assert_eq!(c.kind("ＣＳＲレポート").unwrap().id, "sustainability_report");
        assert_eq!(c.kind("半期報告書").unwrap().name, "有価証券報告書");
        assert_eq!(c.kind("integrated_report").unwrap().regime, Regime::Voluntary);
        assert_eq!(
            c.kind("CSR報告書／サステナビリティ報告書").unwrap().id,
            "sustainability_report"
        );
        assert_eq!(c.kind("週報"), None);
    }

    fn with_user_file(name: &str, text: &str) -> Result<Classifications, ManifestErrors> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("classifications")).unwrap();
        std::fs::write(dir.path().join("classifications").join(name), text).unwrap();
        Classifications::load(&Dictionaries::locate(Some(dir.path()), None))
    }

    #[test]
    fn a_users_file_replaces_the_embedded_one() {
        let text = "[[kind]]\nname = \"決算短信\"\nid = \"earnings\"\nregime = \"制度\"\n";
        let c = with_user_file("kinds.toml", text).unwrap();
        assert_eq!(c.kinds.len(), 1);
        assert_eq!(c.kind("earnings").unwrap().name, "決算短信");
        assert_eq!(c.industries.len(), 36);
    }

    #[test]
    fn every_mistake_in_a_users_file_is_named_with_its_line() {
        let text = "[[kind]]\nname = \"決算短信\"\nid = \"earnings\"\nregime = \"任意\"\nhints = []\n\n\
                    [[kind]]\nname = \"速報\"\nid = \"flash\"\nregime = \"任意\"\naliases = [\"決算短信\"]\n\n\
                    [[kind]]\nname = \"週報\"\nid = \"weekly\"\nregime = \"強制\"\n";
        let shown = with_user_file("kinds.toml", text).unwrap_err().to_string();
        assert!(
            shown.contains("kinds.toml:16: unknown regime \"強制\""),
            "{shown}"
        );
        assert!(
            shown.contains("kinds.toml:5: unknown key \"hints\" in [[kind]]"),
            "{shown}"
        );
        assert!(shown.contains("did you mean \"file_hints\"?"), "{shown}");
        assert!(
            shown.contains("kinds.toml:8: \"決算短信\" is used twice (first: line 2)"),
            "{shown}"
        );
    }
}
