//! Tables of a small corpus whose cells were worked out by hand.

mod cells;
mod files;
mod items;

use super::{
    Classification, CodeLabel, CodedPassage, Crosswalk, DocumentRecord, FacetLabel, TableOptions, Tables,
    build,
};
use crate::extract::DocumentStatus;
use crate::manifest::{Company, Corpus, Document, Frame, Regime};

/// Five companies in three industries (two in 食品, two in 医薬品, one in 銀行), two fiscal years, ten documents.
///
/// The industries' order is 医薬品, 銀行, 食品: not that of the manifest.
pub(crate) fn corpus() -> Corpus {
    let industries = [("医薬品", "技術"), ("銀行", "金融"), ("食品", "消費")];
    let companies = [
        ("2801", "甲食品", "食品", "消費"),
        ("4501", "乙製薬", "医薬品", "技術"),
        ("285A", "丙フーズ", "食品", "消費"),
        ("8301", "丁銀行", "銀行", "金融"),
        ("4599", "戊薬品", "医薬品", "技術"),
    ];
    let documents = [
        (0, "2801/yuho_2023.pdf", YUHO, 2023),
        (0, "2801/yuho_2024.pdf", YUHO, 2024),
        (0, "2801/togo_2024.pdf", TOGO, 2024),
        (1, "4501/yuho_2024.pdf", YUHO, 2024),
        (1, "4501/togo_2024.pdf", TOGO, 2024),
        (2, "285A/yuho_2024.pdf", YUHO, 2024),
        (2, "285A/yuho_2023.pdf", YUHO, 2023),
        (3, "8301/yuho_2024.pdf", YUHO, 2024),
        (4, "4599/yuho_2024.pdf", YUHO, 2024),
        (4, "4599/cg_2024.pdf", CG, 2024),
    ];
    let frame = [("医薬品", 9), ("銀行", 11), ("食品", 11), ("電力", 0)];
    Corpus {
        name: "試験".into(),
        scheme: None,
        frame: Some(Frame {
            id: "f".into(),
            counts: frame
                .iter()
                .map(|(name, count)| ((*name).into(), *count))
                .collect(),
        }),
        industries: industries
            .iter()
            .map(|(i, s)| ((*i).into(), (*s).into()))
            .collect(),
        companies: companies.iter().map(|(c, n, i, s)| company(c, n, i, s)).collect(),
        documents: documents
            .iter()
            .map(|(c, p, k, y)| document(*c, p, *k, *y))
            .collect(),
        kinds: [YUHO, CG, TOGO]
            .iter()
            .map(|(kind, regime)| ((*kind).into(), *regime))
            .collect(),
        checksums: vec![],
        warnings: vec![],
    }
}

const YUHO: (&str, Regime) = ("有価証券報告書", Regime::Required);
const CG: (&str, Regime) = ("コーポレート・ガバナンス報告書", Regime::Required);
const TOGO: (&str, Regime) = ("統合報告書", Regime::Voluntary);

fn company(code: &str, name: &str, industry: &str, sector: &str) -> Company {
    Company {
        code: code.into(),
        name: name.into(),
        industry: industry.into(),
        sector: sector.into(),
        group: (if sector == "金融" {
            "金融"
        } else {
            "メーカ等"
        })
        .into(),
        tse33: None,
        employees: None,
        capital: None,
        market_segment: None,
        aliases: vec![],
    }
}

fn document(company: usize, path: &str, kind: (&str, Regime), fiscal_year: i32) -> Document {
    Document {
        company,
        path: path.into(),
        file: path.into(),
        kind: kind.0.into(),
        regime: kind.1,
        fiscal_year,
        published: None,
        url: None,
        sha256: None,
        missing: false,
    }
}

/// What was found in the ten documents.
pub(crate) fn records() -> Vec<DocumentRecord> {
    use DocumentStatus::{Damaged, Missing, Ok, Partial, Scanned};
    vec![
        record(0, Ok, 9000, vec![passage(3, 100, &["C01"])]),
        // The second passage has both codes.
        record(
            1,
            Ok,
            9000,
            vec![passage(2, 50, &["C01"]), passage(5, 70, &["C01", "C02"])],
        ),
        record(2, Partial, 4000, vec![]),
        record(3, Ok, 9000, vec![]),
        record(4, Ok, 9000, vec![passage(9, 30, &["C02"])]),
        record(5, Scanned, 0, vec![]),
        record(6, Ok, 9000, vec![]),
        record(7, Missing, 0, vec![]),
        record(8, Damaged, 500, vec![passage(1, 200, &["C01"])]),
        record(9, Ok, 9000, vec![]),
    ]
}

fn record(document: usize, status: DocumentStatus, chars: u64, coded: Vec<CodedPassage>) -> DocumentRecord {
    DocumentRecord {
        document,
        sha256: String::new(),
        pages: 10,
        pages_ok: 10,
        engine: "hayro".into(),
        status,
        reason: String::new(),
        chars,
        passages: 40,
        passages_in_scope: coded.len() as u32,
        coded,
        elements: elements_of(document),
    }
}

fn passage(first_page: u32, chars: u32, codes: &[&str]) -> CodedPassage {
    CodedPassage {
        first_page,
        chars,
        codes: codes.iter().map(|code| (*code).into()).collect(),
        // Whatever is said of governance here is said of a committee.
        facets: codes
            .iter()
            .filter(|code| **code == "C02")
            .map(|_| COMMITTEE.into())
            .collect(),
        quotes: codes
            .iter()
            .map(|code| ((*code).into(), format!("p{first_page}の{code}")))
            .collect(),
    }
}

pub(crate) fn codes() -> Vec<CodeLabel> {
    [("C01", "対応方針", "policy"), ("C02", "管理体制", "governance")]
        .iter()
        .map(|(id, ja, en)| CodeLabel {
            id: (*id).into(),
            ja: (*ja).into(),
            en: (*en).into(),
        })
        .collect()
}

const COMMITTEE: &str = "C02.committee";

/// Two facets of C02, of which nobody has the second.
pub(super) fn facets() -> Vec<FacetLabel> {
    let facet = |(id, ja, en): (&str, &str, &str)| FacetLabel {
        code: "C02".into(),
        label: CodeLabel {
            id: id.into(),
            ja: ja.into(),
            en: en.into(),
        },
    };
    [
        (COMMITTEE, "委員会", "committee"),
        ("C02.officer", "責任者", "officer"),
    ]
    .map(facet)
    .to_vec()
}

pub(crate) fn tables() -> Tables {
    build(&corpus(), &records(), &codes(), &TableOptions::default()).unwrap()
}

/// A frame of one item that either code belongs to.
pub(super) fn pair() -> Crosswalk {
    let mut label = codes().remove(0);
    label.id = "P1".into();
    let classification = Classification::new(vec![(label, vec!["C01".into(), "C02".into()])]);
    Crosswalk {
        id: "pair".into(),
        classification,
    }
}

/// Two elements: one of 1 and 0, one that is a number.
pub(super) fn elements() -> Vec<crate::quality::ElementLabel> {
    [
        ("表現真正性", "kpi", "KPI・目標", false),
        ("理解容易性", "sentence_length", "一文の長さ", true),
    ]
    .iter()
    .map(|(quality, id, ja, is_number)| crate::quality::ElementLabel {
        id: (*id).into(),
        quality: (*quality).into(),
        ja: (*ja).into(),
        en: String::new(),
        is_number: *is_number,
    })
    .collect()
}

/// The second document shows the first element; every document has sentences of 48.25 characters.
fn elements_of(document: usize) -> Vec<crate::quality::ElementRecord> {
    let mut kpi = crate::quality::ElementRecord::default();
    if document == 1 {
        kpi.passages = 2;
        kpi.first_page = 5;
        kpi.passage_id = "2801/yuho_2024-0007".into();
        kpi.quote = "受講率100％を目標としています。".into();
    }
    let length = crate::quality::ElementRecord {
        number: Some(48.25),
        ..Default::default()
    };
    vec![kpi, length]
}
