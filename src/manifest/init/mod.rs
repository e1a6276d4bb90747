//! Writes a first manifest from a folder of PDFs: what was guessed is marked, what is unknown is left to fill in.

mod guess;
mod text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::classifications::Classifications;
use super::company::company;
use super::list::{COMPANIES_AT_FIRST, decode, rows};
use super::problem::Report;
use super::{Company, ManifestErrors};
use crate::dictionaries::Dictionaries;
use guess::{Guess, Guesses, company_key, name_rank};

/// Why no manifest could be written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The folder, or the list of companies, cannot be read.
    #[error("{path}: cannot be read: {source}")]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// Why it could not be.
        source: std::io::Error,
    },
    /// There is nothing to write about.
    #[error("{0}: no file in this folder ends in .pdf; name the folder that holds the reports")]
    NoPdf(PathBuf),
    /// The list of companies or the classifications are wrong.
    #[error(transparent)]
    Lists(#[from] ManifestErrors),
}

/// A company of the new manifest with its documents.
struct Entry {
    code: Option<Guess<String>>,
    name: Option<Guess<String>>,
    /// From the list of companies.
    listed: Option<Company>,
    documents: Vec<Guesses>,
}

/// Writes a first manifest.
///
/// Company by code or name in the path or on the first pages, kind of report and fiscal year by path and title page.
/// Guesses carry a comment `# 推定: …`; what is unknown is blank, with a comment `# 要記入: …`, and `load` refuses it.
///
/// # Arguments
/// * `dir` - searched with its folders; becomes `root`
/// * `manifest_dir` - the folder the manifest will lie in, blank for the current one: `root` is relative to it
/// * `companies_csv` - a list with the columns code and name, and optionally industry, tse33 and so on
/// * `title_page` - the text of the first three pages of a file, if it can be had
///
/// # Errors
/// The folder or the list cannot be read, there is no PDF, or the list is wrong.
pub fn init(
    dir: &Path,
    manifest_dir: &Path,
    companies_csv: Option<&Path>,
    dictionaries: &Dictionaries,
    title_page: &(dyn Fn(&Path) -> Option<String> + Sync),
) -> Result<String, InitError> {
    let classifications = Classifications::load(dictionaries)?;
    let companies = match companies_csv {
        Some(path) => read_companies(path, &classifications)?,
        None => Vec::new(),
    };
    let mut paths = Vec::new();
    find_pdfs(dir, "", &mut paths)?;
    if paths.is_empty() {
        return Err(InitError::NoPdf(dir.to_owned()));
    }
    paths.sort_unstable();
    let documents: Vec<Guesses> = paths
        .par_iter()
        .map(|path| {
            let title = title_page(&dir.join(path));
            guess::document(path, title.as_deref(), &classifications, &companies)
        })
        .collect();
    let entries = entries(documents, companies);
    Ok(text::manifest(
        dir,
        &root_from(manifest_dir, dir),
        &entries,
        &classifications,
    ))
}

/// How a manifest in one folder names another folder.
fn root_from(manifest_dir: &Path, dir: &Path) -> String {
    let here = manifest_dir.as_os_str().is_empty() || manifest_dir == Path::new(".");
    let root = match (manifest_dir.canonicalize(), dir.canonicalize()) {
        (Ok(manifest_dir), Ok(dir)) if !here => {
            dir.strip_prefix(manifest_dir).map(Path::to_owned).unwrap_or(dir)
        }
        // As the user wrote it: that is how it is found from the current folder.
        _ => dir.to_owned(),
    };
    match root.display().to_string().replace('\\', "/") {
        root if root.is_empty() => ".".to_owned(),
        root => root,
    }
}

fn read_companies(path: &Path, classifications: &Classifications) -> Result<Vec<Company>, InitError> {
    let bytes = std::fs::read(path).map_err(|source| InitError::Read {
        path: path.to_owned(),
        source,
    })?;
    let mut report = Report::default();
    let shown = path.display().to_string();
    let text = match decode(&bytes) {
        Ok(text) => text,
        Err(line) => {
            let file = report.add_file(&shown, "");
            report.error(
                report.line(file, line),
                "the list is neither UTF-8 nor Shift_JIS text",
                "save it as CSV UTF-8",
            );
            String::new()
        }
    };
    let file = report.add_file(&shown, &text);
    let mut companies: Vec<Company> = Vec::new();
    for record in rows(&text, &COMPANIES_AT_FIRST, file, &mut report) {
        let (company, code) = company(&record, false, classifications, &mut report);
        if let Some(place) = code.filter(|_| companies.iter().any(|c| c.code == company.code)) {
            report.error(
                place,
                format!("the code \"{}\" is used twice", company.code),
                "remove one of the rows",
            );
        }
        companies.push(company);
    }
    report.finish()?;
    Ok(companies)
}

/// Collects the paths of PDFs below `dir`, with `/`; hidden files, and folders behind symbolic links, are left out.
fn find_pdfs(dir: &Path, prefix: &str, paths: &mut Vec<String>) -> Result<(), InitError> {
    let here = dir.join(prefix);
    let unreadable = |source| InitError::Read {
        path: here.clone(),
        source,
    };
    for entry in std::fs::read_dir(&here).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        // A name that is no Unicode cannot be written in a manifest.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.starts_with(['.', '~']) {
            continue;
        }
        let path = format!("{prefix}{name}");
        let file_type = entry.file_type().map_err(unreadable)?;
        if file_type.is_dir() {
            find_pdfs(dir, &format!("{path}/"), paths)?;
        } else if name.to_ascii_lowercase().ends_with(".pdf") && entry.path().is_file() {
            paths.push(path);
        }
    }
    Ok(())
}

/// What keeps the documents of a company together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Code(String),
    Name(String),
    Folder(String),
}

/// Groups the documents by company: by code, then by name, then by folder.
fn entries(mut documents: Vec<Guesses>, companies: Vec<Company>) -> Vec<Entry> {
    spread_codes(&mut documents, &companies);
    let mut entries: BTreeMap<Key, Entry> = BTreeMap::new();
    for company in companies {
        let code = Some(Guess {
            value: company.code.clone(),
            why: String::new(),
        });
        let entry = Entry {
            code,
            name: None,
            listed: Some(company.clone()),
            documents: Vec::new(),
        };
        entries.insert(Key::Code(company.code), entry);
    }
    for document in documents {
        let key = match (&document.code, &document.name) {
            (Some(code), _) => Key::Code(code.value.clone()),
            (None, Some(name)) => Key::Name(company_key(&name.value)),
            (None, None) => Key::Folder(document.folder.clone()),
        };
        let entry = entries.entry(key).or_insert_with(|| Entry {
            code: document.code.clone(),
            name: None,
            listed: None,
            documents: Vec::new(),
        });
        let names = [entry.name.take(), document.name.clone(), document.folder_name()];
        entry.name = names.into_iter().flatten().min_by_key(name_rank);
        entry.documents.push(document);
    }
    entries.into_values().collect()
}

/// A code found in one document of a company is the code of the others: by name, or by folder where all agree.
fn spread_codes(documents: &mut [Guesses], companies: &[Company]) {
    let mut by_name: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut by_folder: BTreeMap<String, Option<String>> = BTreeMap::new();
    let agree = |map: &mut BTreeMap<String, Option<String>>, key: String, code: &str| {
        let known = map.entry(key).or_insert_with(|| Some(code.to_owned()));
        if known.as_deref() != Some(code) {
            *known = None;
        }
    };
    for company in companies {
        for name in std::iter::once(&company.name).chain(&company.aliases) {
            agree(&mut by_name, company_key(name), &company.code);
        }
    }
    for document in documents.iter() {
        let Some(code) = &document.code else { continue };
        if let Some(name) = &document.name {
            agree(&mut by_name, company_key(&name.value), &code.value);
        }
        agree(&mut by_folder, document.folder.clone(), &code.value);
    }
    for document in documents.iter_mut().filter(|d| d.code.is_none()) {
        let named = document
            .name
            .as_ref()
            .and_then(|n| by_name.get(&company_key(&n.value)).cloned().flatten());
        let beside = || {
            by_folder
                .get(&document.folder)
                .cloned()
                .flatten()
                .filter(|_| document.name.is_none())
        };
        document.code = match named {
            Some(value) => Some(Guess {
                value,
                why: "表紙の社名から".to_owned(),
            }),
            None => beside().map(|value| Guess {
                value,
                why: "同じフォルダの報告書から".to_owned(),
            }),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{LoadOptions, load};

    fn folder_of(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join("reports").join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"%PDF").unwrap();
        }
        dir
    }

    fn title_page(path: &Path) -> Option<String> {
        let name = path.file_name()?.to_str()?;
        match name {
            "S100AAAA.pdf" => Some(
                "【提出書類】有価証券報告書【事業年度】第9期(自 令和6年4月1日 至 令和7年3月31日)\
                 【会社名】みらい化学工業株式会社【英訳名】M"
                    .to_owned(),
            ),
            "cg.pdf" => {
                Some("会社名 みらい化学工業株式会社\n最終更新日：2025年7月1日 証券コード：9991".to_owned())
            }
            _ => None,
        }
    }

    fn written(dir: &tempfile::TempDir, companies: Option<&Path>) -> String {
        init(
            &dir.path().join("reports"),
            dir.path(),
            companies,
            &Dictionaries::embedded(),
            &title_page,
        )
        .unwrap()
    }

    const FILES: &[&str] = &[
        "S100AAAA.pdf",
        "a/cg.pdf",
        "a/統合報告書2024.pdf",
        "9992_csr_2023年度.PDF",
        "なぞ部/x\"y.pdf",
        ".hidden.pdf",
        "a/memo.txt",
    ];

    #[test]
    fn the_first_manifest_is_refused_until_it_is_filled_in_and_then_read() {
        let dir = folder_of(FILES);
        let text = written(&dir, None);
        let manifest = dir.path().join("m.toml");
        std::fs::write(&manifest, &text).unwrap();
        let refused = load(&manifest, &Dictionaries::embedded(), LoadOptions::default()).unwrap_err();
        assert!(
            refused
                .problems
                .iter()
                .all(|p| p.message.contains("is not filled in (要記入)")),
            "{refused}"
        );
        // Three companies lack the industry, one the name, one the code; one document lacks kind and year.
        assert_eq!(refused.problems.len(), 3 + 1 + 1 + 2, "{refused}\n{text}");

        let filled = text
            .replace("code = \"\"", "code = \"9993\"")
            .replace("name = \"\"", "name = \"なにか\"")
            .replace("industry = \"\"", "industry = \"化学\"")
            .replace("kind = \"\"", "kind = \"その他\"")
            .replace("fiscal_year = 0", "fiscal_year = 2024");
        std::fs::write(&manifest, filled).unwrap();
        let corpus = load(&manifest, &Dictionaries::embedded(), LoadOptions::default()).unwrap();
        assert_eq!(corpus.name, "reports");
        assert!(text.contains("root = \"reports\"\n"), "{text}");
        let of = |code: &str| {
            let index = corpus.companies.iter().position(|c| c.code == code).unwrap();
            corpus
                .documents
                .iter()
                .filter(|d| d.company == index)
                .map(|d| (d.path.as_str(), d.kind.as_str(), d.fiscal_year))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            of("9991"),
            [
                ("S100AAAA.pdf", "有価証券報告書", 2024),
                ("a/cg.pdf", "コーポレート・ガバナンス報告書", 2025),
                ("a/統合報告書2024.pdf", "統合報告書", 2024),
            ]
        );
        assert_eq!(
            of("9992"),
            [(
                "9992_csr_2023年度.PDF",
                "CSR報告書 / サステナビリティ報告書",
                2023
            )]
        );
        assert_eq!(of("9993"), [("なぞ部/x\"y.pdf", "その他", 2024)]);
    }

    #[test]
    fn strangers_in_a_folder_of_a_year_are_not_one_company() {
        let text = written(
            &folder_of(&[
                "2024/csr/a.pdf",
                "2024/csr/b.pdf",
                "みらい化学/2024/a.pdf",
                "みらい化学/csr.pdf",
            ]),
            None,
        );
        assert_eq!(text.matches("[[company]]").count(), 3, "{text}");
        assert!(
            text.contains("name = \"みらい化学\"  # 推定: フォルダ名から\n"),
            "{text}"
        );
    }

    #[test]
    fn guesses_are_marked() {
        let text = written(&folder_of(FILES), None);
        for line in [
            "name = \"みらい化学工業株式会社\"  # 推定: 表紙の【会社名】から",
            "fiscal_year = 2024  # 推定: 冒頭のページの期間「2024年4月〜2025年3月」の開始年",
            "kind = \"統合報告書\"  # 推定: パスの「統合報告書」から",
            "industry = \"\"  # 要記入: 日経36業種のいずれか",
        ] {
            assert!(text.contains(line), "{line}\n---\n{text}");
        }
    }

    #[test]
    fn a_list_of_companies_fills_the_blanks() {
        let dir = folder_of(FILES);
        let list = dir.path().join("c.csv");
        let rows = "証券コード,会社名,業種,33業種,別名\n9991,みらい化学工業,化学,3200,\n9992,あす電機,電気機器,,\n9993,なぞ商会,商社,,なぞ部\n";
        std::fs::write(&list, rows).unwrap();
        let text = written(&dir, Some(&list));
        assert_eq!(
            text.matches("# 要記入:").count(),
            2,
            "kind and year of the unreadable document\n{text}"
        );
        assert!(
            text.contains("code = \"9993\"\nname = \"なぞ商会\"\nindustry = \"商社\"\n"),
            "{text}"
        );
        assert!(text.contains("tse33 = \"化学\"\n"), "{text}");
    }

    #[test]
    fn a_wrong_list_and_an_empty_folder_are_refused() {
        let dir = folder_of(&["a.pdf"]);
        let list = dir.path().join("c.csv");
        std::fs::write(&list, "code,name,industry\n9991,あ,宇宙\n9991,い,\n").unwrap();
        let error = init(
            &dir.path().join("reports"),
            Path::new(""),
            Some(&list),
            &Dictionaries::embedded(),
            &title_page,
        );
        let error = error.unwrap_err().to_string();
        assert!(error.contains("c.csv:2: unknown industry \"宇宙\""), "{error}");
        assert!(
            error.contains("c.csv:3: the code \"9991\" is used twice"),
            "{error}"
        );
        std::fs::remove_file(dir.path().join("reports/a.pdf")).unwrap();
        let error = init(
            &dir.path().join("reports"),
            Path::new(""),
            None,
            &Dictionaries::embedded(),
            &title_page,
        )
        .unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("no file in this folder ends in .pdf; name the folder that holds the reports")
        );
    }
}
