//! The classifications below `dictionaries/classifications/`: Nikkei's industries, TSE 33, kinds of report, frames.

mod read;

use unicode_normalization::UnicodeNormalization;

use super::problem::Report;
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
        let classifications = read::read(dictionaries, &mut report);
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
        Classifications::load(&Dictionaries::locate(Some(dir.path()), dir.path()))
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
