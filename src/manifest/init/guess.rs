//! What the path and the title page of a document tell: code, name, kind of report, fiscal year.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::manifest::Company;
use crate::manifest::classifications::{Classifications, name_key};
use crate::manifest::fields::is_code;
use crate::manifest::year;

/// A guess and what it rests on, in Japanese: it becomes the comment `# 推定: …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guess<T> {
    pub(super) value: T,
    pub(super) why: String,
}

fn guess<T>(value: T, why: impl Into<String>) -> Guess<T> {
    Guess {
        value,
        why: why.into(),
    }
}

/// A document as far as it is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Guesses {
    /// Below the folder that was searched, with `/`.
    pub(super) path: String,
    /// The folder that may be a company's; the path itself where folders only tell year or kind.
    pub(super) folder: String,
    pub(super) code: Option<Guess<String>>,
    pub(super) name: Option<Guess<String>>,
    pub(super) kind: Option<Guess<String>>,
    pub(super) fiscal_year: Option<Guess<i32>>,
    /// Whether the text of the first pages could be had.
    pub(super) readable: bool,
}

impl Guesses {
    /// The name of the company's folder.
    pub(super) fn folder_name(&self) -> Option<Guess<String>> {
        let name = self
            .folder
            .rsplit('/')
            .next()
            .filter(|_| self.folder != self.path)?;
        let [.., source] = NAME_SOURCES;
        // A folder called by the code tells no name.
        (!is_code(name)).then(|| guess(name.to_owned(), source))
    }
}

/// The nearest folder whose name tells neither a year nor a kind of report.
///
/// Files that share only `2024/` or `csr/` may be of different companies: each is then left on its own.
fn company_folder(path: &str, classifications: &Classifications) -> String {
    let mut folder = path;
    while let Some((parent, _)) = folder.rsplit_once('/') {
        let name: String = parent.rsplit('/').next().unwrap_or(parent).nfkc().collect();
        if year::year_in(&name).is_none() && hinted(&name, classifications).is_none() {
            return parent.to_owned();
        }
        folder = parent;
    }
    path.to_owned()
}

/// The text of the first pages in the forms the patterns want.
struct Title {
    /// NFKC, white space as single spaces.
    spaced: String,
    /// NFKC without white space.
    dense: String,
    /// A line that is a company's name.
    company_line: Option<String>,
}

static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:証券コード|コード番号|銘柄コード)(?:番号)?[\])】]?[::]?([0-9][0-9A-Z][0-9][0-9A-Z])(?:[^0-9A-Z]|$)").ok()
});
static FILER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"【\s*会\s*社\s*名\s*】\s*([^【】]{2,60}?)\s*(?:【|$)").ok());
static GOVERNANCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\S*(?:株式会社|\(株\))\S*)\s*最終更新日").ok());
/// EDINET prints filer and EDINET code at the top of every page.
static EDINET: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"EDINET提出書類 ?([^ ()]{2,40}) ?\(E\d{5}\)").ok());
static UPDATED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"最終更新日[::]?((?:19|20)\d{2})年").ok());

/// Guesses what can be guessed about one document.
pub(super) fn document(
    path: &str,
    title: Option<&str>,
    classifications: &Classifications,
    companies: &[Company],
) -> Guesses {
    let path_text: String = path.nfkc().collect();
    let components: Vec<&str> = path_text.rsplit('/').collect();
    let stem = components
        .first()
        .map_or("", |name| name.rsplit_once('.').map_or(*name, |(stem, _)| stem));
    let parts: Vec<&str> = std::iter::once(stem)
        .chain(components.iter().skip(1).copied())
        .collect();
    let title = title.map(|text| {
        let text: String = text.nfkc().collect();
        Title {
            spaced: text.split_whitespace().collect::<Vec<_>>().join(" "),
            dense: text.split_whitespace().collect(),
            company_line: company_line(&text),
        }
    });
    let title = title.as_ref().filter(|t| !t.dense.is_empty());
    let kind = kind(&parts, title, classifications);
    let code = code(&parts, title, companies);
    let fiscal_year = fiscal_year(&parts, code.as_ref(), kind.as_ref(), title, classifications);
    Guesses {
        path: path.to_owned(),
        folder: company_folder(path, classifications),
        name: name(title),
        code,
        kind,
        fiscal_year,
        readable: title.is_some(),
    }
}

/// Words of digits and capitals: what may be a code.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| is_code(w) && w.starts_with(|c: char| c.is_ascii_digit()))
}

fn code(parts: &[&str], title: Option<&Title>, companies: &[Company]) -> Option<Guess<String>> {
    let listed = |code: &str| companies.iter().any(|c| c.code == code);
    let year_like = |word: &str| word.parse().is_ok_and(year::is_year);
    let in_path: Vec<&str> = parts.iter().flat_map(|part| words(part)).collect();
    let why = "ファイルのパスから";
    if let Some(word) = in_path.iter().find(|w| listed(w) && !year_like(w)) {
        return Some(guess((*word).to_owned(), why));
    }
    if let Some(word) = in_path.iter().find(|w| {
        !year_like(w)
            && w.as_bytes()
                .get(1..3)
                .is_some_and(|m| m.iter().any(u8::is_ascii_digit))
    }) {
        return Some(guess((*word).to_owned(), why));
    }
    if let Some(found) = title.and_then(|t| {
        CODE.as_ref()?
            .captures(&t.dense)?
            .get(1)
            .map(|m| m.as_str().to_owned())
    }) {
        return Some(guess(found, "冒頭のページの証券コードから"));
    }
    if let Some(word) = in_path.iter().find(|w| listed(w)) {
        return Some(guess((*word).to_owned(), why));
    }
    by_name(parts, title, companies)
}

/// A listed company whose name stands in the path, or most often on the first pages.
fn by_name(parts: &[&str], title: Option<&Title>, companies: &[Company]) -> Option<Guess<String>> {
    let path = name_key(&parts.join("/"));
    let text = title.map(|t| name_key(&t.dense)).unwrap_or_default();
    let mut best: Option<((bool, usize, usize), &Company, String)> = None;
    for company in companies {
        for name in std::iter::once(&company.name).chain(&company.aliases) {
            let key = company_key(name);
            if key.chars().nth(1).is_none() {
                continue;
            }
            let score = (path.contains(&key), text.matches(&key).count(), key.len());
            let found = score.0 || score.1 > 0;
            if found && best.as_ref().is_none_or(|(b, ..)| score > *b) {
                let place = if score.0 { "パス" } else { "冒頭のページ" };
                best = Some((score, company, format!("{place}の社名「{name}」から")));
            }
        }
    }
    best.map(|(_, company, why)| guess(company.code.clone(), why))
}

/// What company names are compared by: without the legal form.
pub(super) fn company_key(name: &str) -> String {
    let key = name_key(name);
    ["株式会社", "(株)", "co.,ltd.", "corporation"]
        .iter()
        .fold(key, |key, form| key.replace(form, ""))
}

fn name(title: Option<&Title>) -> Option<Guess<String>> {
    let title = title?;
    let found = |regex: &LazyLock<Option<Regex>>, why: &str| {
        let found = regex.as_ref()?.captures(&title.spaced)?.get(1)?.as_str();
        // A translated name in brackets follows on some title pages.
        let found = found
            .split(['(', '《'])
            .next()
            .filter(|f| !f.trim().is_empty())
            .unwrap_or(found);
        Some(guess(found.trim().to_owned(), why))
    };
    let [filer, edinet, governance, line, _] = NAME_SOURCES;
    found(&FILER, filer)
        .or_else(|| found(&EDINET, edinet))
        .or_else(|| found(&GOVERNANCE, governance))
        .or_else(|| Some(guess(title.company_line.clone()?, line)))
}

/// Where a company's name may be found, the surest first.
const NAME_SOURCES: [&str; 5] = [
    "表紙の【会社名】から",
    "EDINETの柱から",
    "表紙の社名から",
    "冒頭の、社名だけの行から",
    "フォルダ名から",
];

/// How sure a company's name is: the lower the surer.
pub(super) fn name_rank(name: &Guess<String>) -> usize {
    NAME_SOURCES
        .iter()
        .position(|source| *source == name.why)
        .unwrap_or(NAME_SOURCES.len())
}

/// The first of the first lines that is a company's name and nothing else.
fn company_line(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty()).take(40);
    let mut names = lines
        .map(|line| line.strip_prefix("会社名").map_or(line, str::trim))
        .filter(|line| {
            let length = line.chars().count();
            let form = line.starts_with("株式会社") || line.ends_with("株式会社");
            // The filing's places of inspection are companies too.
            let other = line.contains("証券取引所");
            form && !other && (6..=30).contains(&length) && !line.contains(['。', '、', ':', '【', '(', ' '])
        });
    names.next().map(str::to_owned)
}

fn kind(parts: &[&str], title: Option<&Title>, classifications: &Classifications) -> Option<Guess<String>> {
    let form = title
        .filter(|t| t.dense.contains("【提出書類】"))
        .and_then(|t| first_named(&t.dense, classifications));
    if let Some((name, _)) = form {
        return Some(guess(name, "表紙の【提出書類】から"));
    }
    // The file name says more than the folders, and the nearest folder more than the next.
    for part in parts {
        if let Some((name, hint)) = hinted(part, classifications) {
            return Some(guess(name, format!("パスの「{hint}」から")));
        }
    }
    let (name, found) = first_named(&title?.dense, classifications)?;
    Some(guess(name, format!("冒頭のページの「{found}」から")))
}

/// The kind whose longest hint stands in a part of a path.
fn hinted(part: &str, classifications: &Classifications) -> Option<(String, String)> {
    let dense = name_key(part);
    let spaced: String = part
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphabetic() { c } else { ' ' })
        .collect();
    let spaced = format!(" {} ", spaced.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut best: Option<(usize, &str, &str)> = None;
    for kind in &classifications.kinds {
        let names = kind
            .file_hints
            .iter()
            .chain([&kind.name, &kind.id])
            .chain(&kind.aliases)
            .chain(&kind.interim);
        for hint in names {
            let found = if hint.is_ascii() {
                spaced.contains(&format!(" {} ", hint.to_lowercase().replace('_', " ")))
            } else {
                dense.contains(&name_key(hint))
            };
            let length = hint.chars().count();
            if found && best.is_none_or(|(longest, ..)| length > longest) {
                best = Some((length, &kind.name, hint));
            }
        }
    }
    best.map(|(_, name, hint)| (name.to_owned(), hint.to_owned()))
}

/// The kind whose name, alias or interim form comes first in a text; of two at one place the longer.
fn first_named(text: &str, classifications: &Classifications) -> Option<(String, String)> {
    let key = name_key(text);
    let mut best: Option<(usize, std::cmp::Reverse<usize>, &str, &str)> = None;
    for kind in &classifications.kinds {
        for name in std::iter::once(&kind.name)
            .chain(&kind.aliases)
            .chain(&kind.interim)
            .filter(|n| !n.is_ascii())
        {
            let name_key = name_key(name);
            if let Some(at) = key.find(&name_key) {
                let found = (
                    at,
                    std::cmp::Reverse(name_key.len()),
                    kind.name.as_str(),
                    name.as_str(),
                );
                if best.is_none_or(|b| (found.0, found.1) < (b.0, b.1)) {
                    best = Some(found);
                }
            }
        }
    }
    best.map(|(_, _, kind, name)| (kind.to_owned(), name.to_owned()))
}

fn fiscal_year(
    parts: &[&str],
    code: Option<&Guess<String>>,
    kind: Option<&Guess<String>>,
    title: Option<&Title>,
    classifications: &Classifications,
) -> Option<Guess<i32>> {
    if let Some((value, shown)) = title.and_then(|t| year::of_period(&t.dense)) {
        return Some(guess(value, format!("冒頭のページの期間「{shown}」の開始年")));
    }
    if let Some((value, shown)) = parts.iter().find_map(|part| year::named(part)) {
        return Some(guess(value, format!("パスの「{shown}」から")));
    }
    let titled = kind.and_then(|kind| titled_year(&title?.dense, classifications.kind(&kind.value)?));
    if let Some((value, shown)) = titled {
        return Some(guess(
            value,
            format!("表題「{shown}」の年。対象期間を確かめること"),
        ));
    }
    // A security code such as 2002 is no year.
    let without_code = |part: &str| match code {
        Some(code) => part
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|w| *w != code.value)
            .collect::<Vec<_>>()
            .join(" "),
        None => part.to_owned(),
    };
    if let Some(value) = parts.iter().find_map(|part| year::bare(&without_code(part))) {
        return Some(guess(
            value,
            format!("パスの年「{value}」そのまま。対象期間を確かめること"),
        ));
    }
    let updated = UPDATED
        .as_ref()?
        .captures(&title?.dense)?
        .get(1)?
        .as_str()
        .parse()
        .ok()?;
    Some(guess(updated, "最終更新日の年。対象期間を確かめること"))
}

/// The year beside the title: 統合報告書2024, 2024統合報告書.
fn titled_year(text: &str, kind: &crate::manifest::Kind) -> Option<(i32, String)> {
    let text = name_key(text);
    for name in std::iter::once(&kind.name)
        .chain(&kind.aliases)
        .filter(|n| !n.is_ascii())
    {
        let name = name_key(name);
        for (at, _) in text.match_indices(&name) {
            let after: String = text.get(at + name.len()..)?.chars().take(4).collect();
            let before: Vec<char> = text.get(..at)?.chars().rev().take(6).collect();
            let before: String = before.into_iter().rev().collect();
            let before = before.trim_end_matches(['年', '度', '版']);
            let before = before.get(before.len().saturating_sub(4)..).unwrap_or_default();
            for digits in [after.as_str(), before] {
                if let Some(year) = digits.parse().ok().filter(|y| year::is_year(*y)) {
                    return Some((year, format!("{name} {year}")));
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionaries::Dictionaries;

    fn classes() -> Classifications {
        Classifications::load(&Dictionaries::embedded()).unwrap()
    }

    fn of(path: &str, title: Option<&str>) -> (String, String, i32) {
        let g = document(path, title, &classes(), &[]);
        (
            g.code.map_or_else(String::new, |g| g.value),
            g.kind.map_or_else(String::new, |g| g.value),
            g.fiscal_year.map_or(0, |g| g.value),
        )
    }

    fn expect(path: &str, title: Option<&str>, code: &str, kind: &str, year: i32) {
        assert_eq!(
            of(path, title),
            (code.to_owned(), kind.to_owned(), year),
            "{path} {title:?}"
        );
    }

    #[test]
    fn paths_tell_code_kind_and_year() {
        expect("9991/yuho_2025.pdf", None, "9991", "有価証券報告書", 2025);
        expect(
            "2024/9991_有価証券報告書_2024年度.pdf",
            None,
            "9991",
            "有価証券報告書",
            2024,
        );
        expect("9991/integrated2023.pdf", None, "9991", "統合報告書", 2023);
        expect(
            "285A_CG報告書_20250630.PDF",
            None,
            "285A",
            "コーポレート・ガバナンス報告書",
            2025,
        );
        expect(
            "みらい化学/csr/FY2022.pdf",
            None,
            "",
            "CSR報告書 / サステナビリティ報告書",
            2022,
        );
        expect(
            "9991-security-report-2024.pdf",
            None,
            "9991",
            "情報セキュリティ報告書",
            2024,
        );
        expect(
            "9991-security-policy.pdf",
            None,
            "9991",
            "情報セキュリティ基本方針",
            0,
        );
        expect("9991_有報_2025年3月期.pdf", None, "9991", "有価証券報告書", 2024);
        expect(
            "9991_コーポレート・ガバナンスに関する報告書.pdf",
            None,
            "9991",
            "コーポレート・ガバナンス報告書",
            0,
        );
        expect("scargo.pdf", None, "", "", 0);
    }

    #[test]
    fn title_pages_tell_more_than_file_names() {
        let edinet = "【表紙】\n【提出書類】 有価証券報告書\n【事業年度】 第１１９期（自 ２０２３年４月１日 至 ２０２４年３月３１日）\n\
                      【会社名】 みらい化学工業株式会社\n【英訳名】 Mirai Chemical Co., Ltd.\n";
        expect("S100ABCD.pdf", Some(edinet), "", "有価証券報告書", 2023);
        expect("9991/yuho_2024.pdf", Some(edinet), "9991", "有価証券報告書", 2023);
        let g = document("a.pdf", Some(edinet), &classes(), &[]);
        assert_eq!(g.name.map(|n| n.value).as_deref(), Some("みらい化学工業株式会社"));
        let era =
            "【提出書類】四半期報告書 【四半期会計期間】 第80期第2四半期(自 令和6年1月1日 至 令和6年3月31日)";
        expect("a.pdf", Some(era), "", "有価証券報告書", 2023);
        expect(
            "a.pdf",
            Some("みらい化学\n統合報告書 2024\n証券コード：9991"),
            "9991",
            "統合報告書",
            2024,
        );
        expect(
            "a.pdf",
            Some("サステナビリティレポート\n2024\n報告対象期間：2023年4月1日～2024年3月31日"),
            "",
            "CSR報告書 / サステナビリティ報告書",
            2023,
        );
        expect(
            "a.pdf",
            Some(
                "コーポレートガバナンス みらい化学工業株式会社 最終更新日：2024年7月1日 (コード番号 ９９９１)\n当社のコーポレート・ガバナンスに関する報告書",
            ),
            "9991",
            "コーポレート・ガバナンス報告書",
            2024,
        );
    }

    #[test]
    fn a_code_that_looks_like_a_year_needs_the_list() {
        let mut company = crate::manifest::tests::a_company();
        company.code = "2002".to_owned();
        let g = document("2002/yuho_2024.pdf", None, &classes(), &[company]);
        assert_eq!(g.code.map(|c| c.value).as_deref(), Some("2002"));
        assert_eq!(g.fiscal_year.map(|y| y.value), Some(2024));
        expect("2002/yuho.pdf", None, "", "有価証券報告書", 2002);
    }

    #[test]
    fn a_listed_name_leads_to_its_code() {
        let mut company = crate::manifest::tests::a_company();
        company.aliases = vec!["みらいケム".to_owned()];
        let g = document(
            "みらいケム/csr.pdf",
            None,
            &classes(),
            std::slice::from_ref(&company),
        );
        assert_eq!(
            g.code,
            Some(guess("9991".to_owned(), "パスの社名「みらいケム」から"))
        );
        let g = document(
            "x.pdf",
            Some("みらい化学 工業グループのCSR"),
            &classes(),
            &[company],
        );
        assert_eq!(g.code.map(|c| c.value).as_deref(), Some("9991"));
    }
}
