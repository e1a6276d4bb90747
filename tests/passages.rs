//! The passages of the sample corpus, and of a small file for each layout, against how a person cut them
//! (`tests/corpus/truth`, `tests/layouts`).
//!
//! A passage counts as right when its text, blanks aside, is that of a passage of the truth: both of its boundaries
//! are then right. Covers, titles and captions are left out of every figure, as are scanned pages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mieruka::passage::Passage;

#[derive(serde::Deserialize)]
struct Truth {
    kind: String,
    headings: Vec<String>,
    text: String,
    #[serde(default)]
    scanned: bool,
}

#[derive(Default)]
struct Score {
    /// Passages of the truth, those found, those cut by the machine, those of them in the truth.
    truth: usize,
    found: usize,
    cut: usize,
    right: usize,
    /// Right passages, and those of them under the right headings.
    pathed: usize,
    same_path: usize,
}

fn main_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn bare(text: &str) -> String {
    let ink = text
        .chars()
        .filter(|c| !c.is_whitespace() && !('\u{e0100}'..='\u{e01ef}').contains(c));
    let folded: String = ink
        .map(|c| {
            if matches!(c, '−' | '－' | '–') {
                '-'
            } else {
                c
            }
        })
        .collect();
    folded.trim_start_matches(['・', '•', '●']).to_owned()
}

fn passages(pdf: &Path) -> Vec<Passage> {
    let extraction = mieruka::extract::extract_file(pdf);
    mieruka::passage::cut("t", &mieruka::layout::lay_out(&extraction.pages))
}

fn counted(kind: &str) -> bool {
    matches!(kind, "paragraph" | "list-item" | "table-row" | "footnote")
}

fn score(truth: &[Truth], got: &[Passage], report: bool) -> Score {
    let mut s = Score::default();
    let mut open: BTreeMap<String, Vec<&Truth>> = BTreeMap::new();
    truth
        .iter()
        .filter(|t| !t.scanned)
        .for_each(|t| open.entry(bare(&t.text)).or_default().push(t));
    s.truth = truth.iter().filter(|t| counted(&t.kind) && !t.scanned).count();
    for p in got {
        let same = open
            .get_mut(&bare(&p.text))
            .and_then(|list| (!list.is_empty()).then(|| list.remove(0)));
        match same {
            Some(t) if counted(&t.kind) => {
                (s.cut, s.right, s.found, s.pathed) = (s.cut + 1, s.right + 1, s.found + 1, s.pathed + 1);
                let path = |h: &[String]| h.iter().map(|x| bare(x)).collect::<Vec<_>>();
                if path(&t.headings) == path(&p.headings) {
                    s.same_path += 1;
                } else if report {
                    println!("  PATH {:?} WANT {:?}: {}", p.headings, t.headings, p.text);
                }
            }
            Some(_) => {}
            None => {
                s.cut += 1;
                if report {
                    println!("  EXTRA {:?} {:?} {}", p.pages, p.kind, p.text);
                }
            }
        }
    }
    for t in open.values().flatten().filter(|t| counted(&t.kind) && report) {
        println!("  MISSED {} {}", t.kind, t.text);
    }
    s
}

impl Score {
    fn add(&mut self, other: &Score) {
        self.truth += other.truth;
        self.found += other.found;
        self.cut += other.cut;
        self.right += other.right;
        self.pathed += other.pathed;
        self.same_path += other.same_path;
    }
}

/// The truth files of a folder, each with its PDF, in the order of their names.
fn pairs(folder: &Path, pdf_of: impl Fn(&str) -> PathBuf) -> Vec<(String, Vec<Truth>, PathBuf)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("truth")
        .map(|e| e.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "jsonl"))
        .collect();
    files.sort();
    let read = |file: PathBuf| {
        let stem = file.file_stem().expect("stem").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).expect("truth is readable");
        let truth = text
            .lines()
            .map(|l| serde_json::from_str(l).expect("truth is JSON"));
        let pdf = pdf_of(&stem);
        (stem, truth.collect(), pdf)
    };
    files.into_iter().map(read).collect()
}

/// Measures every pair and demands what a person would accept; `MIERUKA_REPORT=1` lists what differs.
fn demand(pairs: &[(String, Vec<Truth>, PathBuf)]) {
    let report = std::env::var_os("MIERUKA_REPORT").is_some();
    let mut all = Score::default();
    for (stem, truth, pdf) in pairs {
        let s = score(truth, &passages(pdf), report);
        println!(
            "{stem:28} truth {:3} cut {:3} right {:3} path {:3} of {:3}",
            s.truth, s.cut, s.right, s.same_path, s.pathed
        );
        all.add(&s);
    }
    let share = |a: usize, b: usize| a as f64 / b.max(1) as f64;
    let (precision, recall) = (share(all.right, all.cut), share(all.found, all.truth));
    let path = share(all.same_path, all.pathed);
    println!(
        "precision {precision:.3} recall {recall:.3} heading path {path:.3} of {} passages",
        all.truth
    );
    assert!(all.truth >= 150, "the truth is there");
    assert!(
        precision >= 0.95 && recall >= 0.95,
        "precision {precision:.3}, recall {recall:.3}"
    );
    assert!(path >= 0.9, "heading path {path:.3}");
}

#[test]
fn passages_are_cut_as_a_person_cuts_them() {
    let pdf_of = |stem: &str| {
        let (company, name) = stem.split_once('_').expect("company_name");
        main_dir().join(company).join(format!("{name}.pdf"))
    };
    demand(&pairs(&main_dir().join("truth"), pdf_of));
}

/// Columns, boxes, side notes, spreads, vertical text, readings, notes, watermarks, figures …, a file each.
#[test]
fn passages_of_every_layout_are_cut_as_a_person_cuts_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layouts");
    let pairs = pairs(&folder, |stem| folder.join(format!("{stem}.pdf")));
    assert!(pairs.len() >= 12, "{} layouts", pairs.len());
    demand(&pairs);
}
