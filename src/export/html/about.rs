//! What the report says of the run besides its tables.

use super::sheet::{Sheet, SheetCell};
use crate::evaluate::{Agreement, Evaluation, table};
use crate::export::Lang;
use crate::provenance::{Counts, ENGINES, Sources};
use crate::scheme::Scheme;
use crate::stats::agreement::Interval;

/// The run: what went in, and how it was measured. Nothing of it differs between two runs over the same input.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Name of the corpus.
    pub corpus: String,
    /// How much was read.
    pub counts: Counts,
    /// The scheme.
    pub scheme: SchemeOutline,
    /// Manifest and its lists: path as written, SHA-256.
    pub manifest: Vec<(String, String)>,
    /// Scheme and dictionaries.
    pub sources: Sources,
    /// A group with a smaller base is marked.
    pub small_below: u64,
    /// The rates of a group with a smaller base are left blank.
    pub suppress_below: Option<u64>,
    /// Stopped before the end.
    pub interrupted: bool,
    /// The machine against a gold file.
    pub gold: Option<Gold>,
}

/// The machine measured.
#[derive(Debug, Clone)]
pub struct Gold {
    /// The gold files by name.
    pub files: Vec<String>,
    /// What was found.
    pub evaluation: Evaluation,
}

/// A scheme in outline.
#[derive(Debug, Clone, Default)]
pub struct SchemeOutline {
    /// Short name.
    pub id: String,
    /// Japanese title.
    pub ja: String,
    /// English title.
    pub en: String,
    /// Whether learned weights decide together with its rules.
    pub learned: bool,
    /// Its codes.
    pub codes: Vec<CodeOutline>,
}

/// A code in outline.
#[derive(Debug, Clone)]
pub struct CodeOutline {
    id: String,
    ja: String,
    en: String,
    facets: usize,
    rules: usize,
}

impl SchemeOutline {
    /// Whether its codes are the ten categories of the guide: then the guide's caution holds for them.
    pub fn is_of_the_guide(&self) -> bool {
        let number = |code: &CodeOutline| code.id.strip_prefix('C')?.parse().ok();
        self.codes
            .iter()
            .all(|code| number(code).is_some_and(|n: u8| (1..=10).contains(&n)))
    }

    /// What a report of a run by it is called, in Japanese and English.
    pub fn title(&self) -> (&str, &str) {
        if self.is_of_the_guide() {
            ("サイバーセキュリティ情報開示", "Cybersecurity disclosure")
        } else {
            (&self.ja, &self.en)
        }
    }

    /// Takes what the report tells of a scheme.
    pub fn of(scheme: &Scheme) -> Self {
        let codes = scheme.codes.iter().map(|code| CodeOutline {
            id: code.id.clone(),
            ja: code.ja.clone(),
            en: code.en.clone(),
            facets: code.facets.len(),
            rules: code.rules.len(),
        });
        SchemeOutline {
            id: scheme.id.clone(),
            ja: scheme.ja.clone(),
            en: scheme.en.clone(),
            learned: scheme.weights.is_some(),
            codes: codes.collect(),
        }
    }
}

impl About {
    /// The codes with the number of their rules.
    pub fn codes(&self, lang: Lang) -> Sheet {
        let heads = [
            (lang.pick("項目コード", "code"), false),
            (lang.pick("項目", "category"), false),
            (lang.pick("項目（英語）", "category (Japanese)"), false),
            (lang.pick("規則の数", "rules"), true),
            (lang.pick("細目の数", "facets"), true),
        ];
        let row = |code: &CodeOutline| {
            let (own, other) = (lang.pick(&code.ja, &code.en), lang.pick(&code.en, &code.ja));
            vec![
                SheetCell::text(&code.id),
                SheetCell::text(own),
                SheetCell::text(other),
                SheetCell::text(code.rules.to_string()),
                SheetCell::text(code.facets.to_string()),
            ]
        };
        let rows = self.scheme.codes.iter().map(row).collect();
        Sheet::new(lang.pick("コーディング規則", "Coding scheme"), &heads, rows, lang)
    }

    /// Everything that decides the output, with its checksum or version.
    pub fn inputs(&self, lang: Lang) -> Sheet {
        let heads = [
            (lang.pick("入力", "input"), false),
            (lang.pick("版・SHA-256", "version or SHA-256"), false),
        ];
        let row = |name: &str, version: &str| vec![SheetCell::text(name), SheetCell::text(version)];
        let mut rows = vec![row("mieruka", env!("CARGO_PKG_VERSION"))];
        rows.extend(ENGINES.iter().map(|(name, version)| row(name, version)));
        rows.extend(self.manifest.iter().map(|(path, sum)| row(path, sum)));
        rows.extend(
            self.sources
                .0
                .iter()
                .map(|source| row(&source.name, &source.sha256)),
        );
        Sheet::new(
            lang.pick("版と検査値", "Versions and checksums"),
            &heads,
            rows,
            lang,
        )
    }

    /// The machine against the gold, a row per code.
    pub fn agreement(&self, lang: Lang) -> Option<Sheet> {
        let gold = self.gold.as_ref()?;
        let heads = [
            (lang.pick("項目コード", "code"), false),
            (lang.pick("正解の数", "gold"), true),
            (lang.pick("機械の数", "machine"), true),
            (lang.pick("適合率", "precision"), true),
            (lang.pick("再現率", "recall"), true),
            ("F1", true),
            (lang.pick("F1の95%区間", "F1, 95% interval"), true),
            ("κ", true),
            (lang.pick("κの95%区間", "κ, 95% interval"), true),
            ("α", true),
        ];
        let evaluation = &gold.evaluation;
        let mut rows: Vec<_> = evaluation.codes.iter().map(agreement).collect();
        rows.push(agreement(&evaluation.in_scope));
        let overall = &evaluation.overall;
        let blank = || SheetCell::text("");
        let mut micro = vec![SheetCell::text("micro"), blank(), blank()];
        micro.extend([overall.micro_precision, overall.micro_recall, overall.micro_f1].map(figure));
        micro.extend([interval(overall.micro_f1_interval), blank(), blank(), blank()]);
        let mut mean = vec![SheetCell::text("macro"), blank(), blank(), blank(), blank()];
        mean.extend([figure(overall.macro_f1), interval(overall.macro_f1_interval)]);
        mean.extend([blank(), blank(), blank()]);
        rows.extend([micro, mean]);
        let caption = lang.pick("機械と正解の一致", "Agreement of the machine with the gold");
        Some(Sheet::new(caption, &heads, rows, lang))
    }
}

fn agreement(a: &Agreement) -> Vec<SheetCell> {
    let mut row = vec![SheetCell::text(&a.code)];
    row.extend([a.n, a.coded].map(|count| SheetCell::text(count.to_string())));
    row.extend([a.precision, a.recall, a.f1].map(figure));
    row.extend([
        interval(a.f1_interval),
        figure(a.kappa),
        interval(a.kappa_interval),
        figure(a.alpha),
    ]);
    row
}

fn figure(value: Option<f64>) -> SheetCell {
    SheetCell::figure(value, 3)
}

fn interval(interval: Option<Interval>) -> SheetCell {
    SheetCell::text(table::interval(interval))
}
