//! A corpus that nobody could ship: as many companies, documents and passages as a whole year of the Nikkei average has,
//! made up by rule, the same every time.

use mieruka::coding::{Coding, Evidence};
use mieruka::export::Lang;
use mieruka::export::html::{About, EvidenceWriter, FactCounts, HtmlExporter};
use mieruka::extract::DocumentStatus;
use mieruka::manifest::{Company, Corpus, Document, Regime};
use mieruka::passage::{Passage, PassageKind};
use mieruka::provenance::Counts;
use mieruka::quality::{ElementLabel, ElementRecord};
use mieruka::tables::{
    self, Classification, CodeLabel, CodedPassage, Crosswalk, DocumentRecord, FacetLabel, TableOptions,
    Tables,
};
use std::path::Path;

/// How much there is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub companies: usize,
    /// Of each company, of different kinds.
    pub documents: usize,
    pub passages: usize,
}

/// A year of the Nikkei average.
pub const YEAR: Size = Size {
    companies: 225,
    documents: 6,
    passages: 20_000,
};

const KINDS: [(&str, Regime); 6] = [
    ("有価証券報告書", Regime::Required),
    ("コーポレート・ガバナンス報告書", Regime::Required),
    ("CSR報告書 / サステナビリティ報告書", Regime::Voluntary),
    ("アニュアルレポート", Regime::Voluntary),
    ("統合報告書", Regime::Voluntary),
    ("情報セキュリティ報告書", Regime::Voluntary),
];

const CATEGORIES: [(&str, &str); 10] = [
    ("サイバーセキュリティ対応方針策定", "policy"),
    ("経営層によるリスク管理体制の構築", "governance"),
    ("資源（予算、人員等）の確保", "resources"),
    ("リスクの把握と対応計画策定", "risk"),
    ("保護対策（防御・検知・分析）の実施", "protection"),
    ("PDCAの実施", "PDCA"),
    ("緊急対応体制の整備", "incident response"),
    ("復旧体制の整備", "recovery"),
    (
        "取引先・委託先やグループ単位のサイバーセキュリティ対策",
        "supply chain and group",
    ),
    ("情報共有活動への参加", "information sharing"),
];

/// Facets below each category.
const FACETS: usize = 4;

/// Elements of the five qualities.
const ELEMENTS: usize = 16;

const SENTENCES: [&str; 6] = [
    "当社グループは、情報セキュリティ基本方針を定め、全役職員への周知を図るとともに、事業環境の変化を踏まえて毎年その内容を見直し、取締役会に報告しています。",
    "CISOを委員長とする情報セキュリティ委員会を四半期ごとに開催し、各事業部門の責任者が出席して、対策の進み具合と残る課題を確認しています。",
    "サイバー攻撃により基幹システムが停止した場合、生産及び出荷が滞り、当社グループの業績及び財政状態に影響を及ぼす可能性があります。",
    "全従業員を対象とした学習と標的型攻撃メールの訓練を年に2回実施し、受講の状況と開封率を部門ごとに集計して、翌年度の教育計画に反映しています。",
    "業務委託先に対しては、契約において安全管理措置を求めるとともに、年に1回の書面による調査と訪問による点検によって、その実施状況を確かめています。",
    "事故が発生したときは、専門の組織が初動の対応と原因の究明にあたり、あらかじめ定めた手順書に従って、関係する当局と取引先に速やかに連絡します。",
];

/// Numbers that look random and are not.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// The corpus with what was found in it.
pub struct Generated {
    pub corpus: Corpus,
    pub codes: Vec<CodeLabel>,
    pub options: TableOptions,
    pub records: Vec<DocumentRecord>,
    pub passages: Vec<Vec<(Passage, Coding)>>,
}

/// Makes it up.
pub fn generate(size: Size) -> Generated {
    let corpus = corpus(size);
    let mut dice = Dice(2024);
    let count = corpus.documents.len();
    let mut found: Vec<Vec<(Passage, Coding)>> = vec![Vec::new(); count];
    for _ in 0..size.passages {
        let document = dice.below(count);
        let number = found[document].len() + 1;
        let passage = passage(&corpus.documents[document], number, &mut dice);
        found[document].push(passage);
    }
    let records = found
        .iter()
        .enumerate()
        .map(|(document, passages)| record(document, passages))
        .collect();
    Generated {
        codes: codes(),
        options: options(),
        corpus,
        records,
        passages: found,
    }
}

fn codes() -> Vec<CodeLabel> {
    let label = |(number, (ja, en)): (usize, &(&str, &str))| CodeLabel {
        id: format!("C{:02}", number + 1),
        ja: (*ja).into(),
        en: (*en).into(),
    };
    CATEGORIES.iter().enumerate().map(label).collect()
}

/// Everything a run asks of the tables: facets, three other frames, elements.
fn options() -> TableOptions {
    let facet = |(code, number): (&CodeLabel, usize)| FacetLabel {
        code: code.id.clone(),
        label: CodeLabel {
            id: format!("{}.f{number}", code.id),
            ja: format!("{}の細目{number}", code.ja),
            en: format!("{} {number}", code.en),
        },
    };
    let codes = codes();
    let facets = codes.iter().flat_map(|code| (1..=FACETS).map(move |n| (code, n)));
    let frame = |(place, items): (usize, usize)| {
        let item = |number: usize| {
            let of = codes.chunks(codes.len() / items).nth(number).unwrap_or_default();
            let label = CodeLabel {
                id: format!("frame{place}-{number}"),
                ja: format!("枠組み{place}の項目{number}"),
                en: format!("item {number}"),
            };
            (label, of.iter().map(|code| code.id.clone()).collect())
        };
        Crosswalk {
            id: format!("frame{place}"),
            classification: Classification::new((0..items).map(item).collect()),
        }
    };
    let element = |number| ElementLabel {
        id: format!("element_{number}"),
        quality: "表現真正性".into(),
        ja: format!("要素{number}"),
        en: format!("element {number}"),
        is_number: false,
    };
    TableOptions {
        facets: facets.map(facet).collect(),
        crosswalks: [5, 10, 10].into_iter().enumerate().map(frame).collect(),
        elements: (0..ELEMENTS).map(element).collect(),
        ..TableOptions::default()
    }
}

fn corpus(size: Size) -> Corpus {
    let industries: Vec<(String, String)> = (1..=36)
        .map(|i| (format!("業種{i:02}"), format!("分類{}", i % 6 + 1)))
        .collect();
    let companies = (0..size.companies).map(|i| {
        let (industry, sector) = industries[i % 36].clone();
        Company {
            code: (1300 + i * 37).to_string(),
            name: format!("見本第{}工業株式会社", i + 1),
            industry,
            sector,
            group: ["メーカ等", "金融", "インフラ"][i % 3].into(),
            tse33: Some(format!("業種{:02}", i % 33 + 1)),
            employees: Some(100 * (i as u64 + 1)),
            capital: Some(500_000_000 * (i as u64 + 1)),
            market_segment: Some("プライム".into()),
            aliases: vec![],
        }
    });
    let companies: Vec<_> = companies.collect();
    let documents = companies.iter().enumerate().flat_map(|(company, c)| {
        let code = c.code.clone();
        KINDS
            .iter()
            .take(size.documents)
            .enumerate()
            .map(move |(place, (kind, regime))| Document {
                company,
                path: format!("{code}/report_{place}_2024.pdf"),
                file: format!("{code}/report_{place}_2024.pdf").into(),
                kind: (*kind).into(),
                regime: *regime,
                fiscal_year: 2024,
                published: None,
                url: None,
                sha256: None,
                missing: false,
            })
    });
    Corpus {
        name: "作られた大きなコーパス".into(),
        scheme: None,
        frame: None,
        industries: industries.clone(),
        documents: documents.collect(),
        companies,
        kinds: KINDS
            .iter()
            .map(|(kind, regime)| ((*kind).into(), *regime))
            .collect(),
        checksums: vec![],
        warnings: vec![],
    }
}

fn passage(document: &Document, number: usize, dice: &mut Dice) -> (Passage, Coding) {
    let sentences = 1 + dice.below(3);
    let text: String = (0..sentences)
        .map(|_| SENTENCES[dice.below(SENTENCES.len())])
        .collect();
    // Some companies say little: not every cell is full.
    let width = 2 + document.company * 7 / 5 % 9;
    let mut labels: Vec<String> = (0..=dice.below(3))
        .map(|_| format!("C{:02}", 1 + dice.below(width)))
        .collect();
    labels.sort();
    labels.dedup();
    let evidence = labels.iter().map(|code| {
        let start = dice.below(40);
        Evidence {
            code: code.clone(),
            start,
            end: start + 6,
            text: text.chars().skip(start).take(6).collect(),
            rule: "r".into(),
        }
    });
    let coding = Coding {
        in_scope: true,
        evidence: evidence.collect(),
        facets: labels
            .iter()
            .map(|code| format!("{code}.f{}", 1 + text.len() % FACETS))
            .collect(),
        labels,
    };
    let passage = Passage {
        id: format!("{number:04}"),
        pages: vec![(number * 3) as u32],
        kind: PassageKind::Paragraph,
        headings: vec!["事業等のリスク".into(), "情報セキュリティに関するリスク".into()],
        previous: None,
        text,
    };
    (passage, coding)
}

fn record(document: usize, passages: &[(Passage, Coding)]) -> DocumentRecord {
    let mut seen: Vec<&str> = Vec::new();
    let coded = passages.iter().map(|(passage, coding)| {
        let first: Vec<_> = coding
            .labels
            .iter()
            .chain(&coding.facets)
            .filter(|code| !seen.contains(&code.as_str()))
            .collect();
        seen.extend(first.iter().map(|code| code.as_str()));
        CodedPassage {
            first_page: passage.pages[0],
            chars: passage.text.chars().count() as u32,
            codes: coding.labels.clone(),
            facets: coding.facets.clone(),
            quotes: first
                .iter()
                .map(|code| ((*code).clone(), passage.text.chars().take(120).collect()))
                .collect(),
        }
    });
    let coded: Vec<_> = coded.collect();
    DocumentRecord {
        document,
        sha256: String::new(),
        pages: 120,
        pages_ok: 120,
        engine: "hayro".into(),
        // A few cannot be read.
        status: if document.is_multiple_of(97) {
            DocumentStatus::Partial
        } else {
            DocumentStatus::Ok
        },
        reason: String::new(),
        chars: 90_000,
        passages: 900,
        passages_in_scope: coded.len() as u32,
        coded,
        elements: (0..ELEMENTS).map(|number| element(document, number)).collect(),
    }
}

/// Every third element is there.
fn element(document: usize, number: usize) -> ElementRecord {
    if !(document + number).is_multiple_of(3) {
        return ElementRecord::default();
    }
    ElementRecord {
        passages: 2,
        first_page: 12,
        passage_id: "0001".into(),
        quote: SENTENCES[number % SENTENCES.len()].into(),
        ..ElementRecord::default()
    }
}

impl Generated {
    /// The tables.
    pub fn tables(&self) -> Tables {
        tables::build(&self.corpus, &self.records, &self.codes, &self.options).expect("tables")
    }

    /// The format HTML with the evidence of all passages.
    pub fn html(&self, folder: &Path) -> HtmlExporter {
        let mut evidence = EvidenceWriter::create(folder).expect("a folder");
        for (document, passages) in self.passages.iter().enumerate() {
            evidence.write(document, passages).expect("evidence");
        }
        HtmlExporter {
            lang: Lang::Ja,
            about: About {
                corpus: self.corpus.name.clone(),
                counts: Counts {
                    companies: self.corpus.companies.len(),
                    documents: self.corpus.documents.len(),
                    pages: self.records.iter().map(|r| u64::from(r.pages)).sum(),
                    passages: self.records.iter().map(|r| u64::from(r.passages)).sum(),
                    passages_in_scope: self.records.iter().map(|r| u64::from(r.passages_in_scope)).sum(),
                    ..Counts::default()
                },
                small_below: 3,
                ..About::default()
            },
            links: self
                .corpus
                .documents
                .iter()
                .map(|d| Some(format!("../reports/{}", d.path)))
                .collect(),
            evidence: evidence.finish().expect("evidence"),
            facts: FactCounts::default(),
        }
    }
}
