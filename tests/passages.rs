//! The passages of the sample corpus against how a person cut them (`tests/corpus/truth`).
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

#[test]
fn passages_are_cut_as_a_person_cuts_them() {
    let report = std::env::var_os("MIERUKA_REPORT").is_some();
    let mut all = Score::default();
    let mut files: Vec<PathBuf> = std::fs::read_dir(main_dir().join("truth"))
        .expect("truth")
        .map(|e| e.expect("entry").path())
        .collect();
    files.sort();
    for file in files {
        let stem = file.file_stem().expect("stem").to_string_lossy().into_owned();
        let (company, name) = stem.split_once('_').expect("company_name");
        let pdf = main_dir().join(company).join(format!("{name}.pdf"));
        let text = std::fs::read_to_string(&file).expect("truth is readable");
        let truth: Vec<Truth> = text
            .lines()
            .map(|l| serde_json::from_str(l).expect("truth is JSON"))
            .collect();
        let s = score(&truth, &passages(&pdf), report);
        println!(
            "{stem:28} truth {:3} cut {:3} right {:3} path {:3} of {:3}",
            s.truth, s.cut, s.right, s.same_path, s.pathed
        );
        all.truth += s.truth;
        all.found += s.found;
        all.cut += s.cut;
        all.right += s.right;
        all.pathed += s.pathed;
        all.same_path += s.same_path;
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
