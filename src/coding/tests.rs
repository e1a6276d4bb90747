//! The language and the coder on small schemes of their own; the default scheme on sentences made for these tests.

use std::sync::{Arc, OnceLock};

use proptest::prelude::*;

use super::*;
use crate::dictionaries::Dictionaries;

mod gate;
mod learned;

const HEAD: &str = "[scheme]\nid = \"t\"\nja = \"試験\"\nen = \"test\"\n";

fn tokenizer() -> Tokenizer {
    static ONE: OnceLock<Tokenizer> = OnceLock::new();
    let make = || {
        let terms = Dictionaries::embedded().read("terms.csv").expect("embedded").text;
        Tokenizer::new(&terms, "terms.csv").expect("the terms compile")
    };
    ONE.get_or_init(make).clone()
}

fn coder_of(scheme: &str) -> Coder {
    let scheme =
        Scheme::parse(scheme, "t.toml", &|_| Err(std::io::ErrorKind::NotFound.into())).expect("compiles");
    Coder::new(Arc::new(scheme), tokenizer())
}

/// A scheme of one code with one rule.
fn with_rule(when: &str) -> CodingWorker {
    coder_of(&format!(
        "{HEAD}[[code]]\nid = \"X\"\nja = \"\"\nen = \"\"\n[[code.rule]]\nid = \"r\"\nwhen = '''{when}'''\n"
    ))
    .worker()
}

fn holds(when: &str, text: &str) -> bool {
    let coding = with_rule(when)
        .code(&CodingInput {
            text,
            ..CodingInput::default()
        })
        .expect("codes");
    coding.labels == ["X"]
}

fn default_coder() -> &'static Coder {
    static ONE: OnceLock<Coder> = OnceLock::new();
    ONE.get_or_init(|| {
        let text = Dictionaries::embedded()
            .read("schemes/disclosure10.toml")
            .expect("embedded")
            .text;
        // The rules alone: what the weights add is measured, not tested by sentences.
        coder_of(&text.replace("\nweights = ", "\n# "))
    })
}

fn labels(headings: &[&str], text: &str) -> Vec<String> {
    let headings: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
    let input = CodingInput {
        text,
        headings: &headings,
        ..CodingInput::default()
    };
    default_coder().worker().code(&input).expect("codes").labels
}

#[test]
fn a_base_form_finds_every_conjugation_and_the_noun_used_as_a_verb() {
    for text in ["規程を定めた。", "規程を定めています。", "規程を定めず"] {
        assert!(holds("<定める>", text), "{text}");
    }
    for text in ["監査します。", "監査を行っている。", "監査の実施", "年2回監査。"] {
        assert!(holds("<監査する>", text), "{text}");
    }
    assert!(!holds("<監査する>", "監査の概要は次のとおりである。"));
}

#[test]
fn object_links_a_noun_to_its_verb_whatever_stands_between() {
    let rule = "object(方針, <策定する>|<定める>|公表)";
    for text in [
        "方針を策定しました。",
        "方針の策定を進めています。",
        "基本方針と行動指針を定めております。",
        "取締役会で定めた「情報の取扱いに関する方針」",
        "方針は2020年に策定され、毎年見直しています。",
        "方針を見直し、公表しました。",
    ] {
        assert!(holds(rule, text), "{text}");
    }
    for text in [
        "方針に基づき計画を策定しました。",
        "方針を踏まえ、委員会が手順を定めた。",
        "計画を定めた。方針は別に示す。",
    ] {
        assert!(!holds(rule, text), "{text}");
    }
}

#[test]
fn target_and_subject_follow_their_particles() {
    assert!(holds(
        "target(取引先, <求める>)",
        "取引先に対して誓約書の提出を求めています。"
    ));
    assert!(holds("target(委託先, 監査)", "委託先への監査"));
    assert!(!holds(
        "target(取引先, <求める>)",
        "取引先が当社に対策を求めています。"
    ));
    assert!(holds(
        "subject(委員会, 報告)",
        "委員会は、年2回その結果を取締役会に報告します。"
    ));
    assert!(!holds("subject(委員会, 報告)", "結果は委員会に報告します。"));
}

#[test]
fn filters_read_the_shade_of_the_predicate() {
    assert!(holds(
        "停止:possible",
        "システムが停止し、業績に影響する可能性があります。"
    ));
    assert!(!holds("停止:possible", "システムが停止しました。"));
    assert!(holds("実施:neg", "監査を実施していない。"));
    assert!(!holds("実施:neg", "監査を実施しており、問題はない。"));
    assert!(holds("発生:past", "障害が発生しました。"));
    assert!(holds("導入:plan", "来年度に導入する予定です。"));
    assert!(!holds("導入:fact", "導入する必要があります。"));
}

#[test]
fn what_stands_before_ga_is_a_fact_whatever_follows() {
    let text = "暗号化を実施しておりますが、漏洩が起きるおそれがあります。";
    assert!(!holds("暗号化:possible", text));
    assert!(holds("漏洩:possible", text));
    assert!(!holds(
        "分散:possible",
        "拠点を分散したものの、停止する可能性は残ります。"
    ));
    assert!(holds("障害:possible", "障害が起きる可能性があります。"));
}

#[test]
fn a_risk_is_a_possibility_only_where_it_exists() {
    assert!(holds("停止:possible", "システムが停止するリスクがあります。"));
    assert!(holds(
        "停止:possible",
        "システムが停止する危険性は否定できません。"
    ));
    for told in [
        "停止したら報告します。",
        "停止するなら報告します。",
        "停止すれば報告します。",
    ] {
        assert!(holds("停止:hypo", told), "{told}");
    }
    assert!(!holds("停止:hypo", "停止したため報告しました。"));
    assert!(!holds("二重化:possible", "二重化によりリスクを低減しています。"));
}

#[test]
fn a_regular_expression_that_no_literal_calls_up_is_still_tried() {
    assert!(holds("/^[ァ-ヶー]+を/", "サーバを更新した。"));
    assert!(holds("/(規程|規則)で/", "規則で禁じる。") && !holds("/(規程|規則)で/", "規則を定める。"));
    assert!(holds("count(/[0-9]+件/) >= 2", "漏洩3件、紛失12件。"));
}

#[test]
fn clauses_sentences_and_distances_bound_a_condition() {
    let text = "委託先を点検し、社員を教育しています。結果を公表します。";
    assert!(holds("clause(委託先 and 点検)", text));
    assert!(!holds("clause(委託先 and 教育)", text));
    assert!(holds("sentence(委託先 and 教育)", text));
    assert!(!holds("sentence(委託先 and 公表)", text));
    assert!(holds("委託先 near/1 点検", text) && !holds("委託先 near/2 教育", text));
    assert!(holds("点検 then/9 教育", text) && !holds("教育 then/9 点検", text));
    assert!(holds("count(を) >= 3", text) && !holds("count(を) >= 4", text));
}

#[test]
fn words_know_variants_exceptions_and_word_borders() {
    let scheme = format!(
        "{HEAD}variants = [[\"漏洩\", \"漏えい\"]]\n[words]\naudit = \"監査 -監査役\"\n\
         [[code]]\nid = \"X\"\nja = \"\"\nen = \"\"\n[[code.rule]]\nid = \"r\"\nwhen = '@audit or 情報漏洩 or セキュリティ or SOC'\n"
    );
    let mut worker = coder_of(&scheme).worker();
    let mut found = |text| {
        !worker
            .code(&CodingInput {
                text,
                ..CodingInput::default()
            })
            .expect("codes")
            .labels
            .is_empty()
    };
    assert!(found("監査を行う") && !found("監査役が出席する") && found("監査役の監査"));
    assert!(found("情報漏えい") && found("セキュリティー対策") && found("ＳＯＣ") && found("soc"));
    assert!(!found("SOCIAL"));
}

#[test]
fn weights_add_up_to_the_threshold_and_late_rules_see_codes() {
    let scheme = format!(
        "{HEAD}[[code]]\nid = \"A\"\nja = \"\"\nen = \"\"\nthreshold = 1.5\n\
         [[code.rule]]\nid = \"a\"\nwhen = '監査'\n[[code.rule]]\nid = \"b\"\nwhen = '点検'\n\
         [[code]]\nid = \"B\"\nja = \"\"\nen = \"\"\n[[code.rule]]\nid = \"c\"\nwhen = '体制'\nunless = 'has(any)'\n"
    );
    let mut worker = coder_of(&scheme).worker();
    let mut code = |text| {
        worker
            .code(&CodingInput {
                text,
                ..CodingInput::default()
            })
            .expect("codes")
            .labels
    };
    assert!(code("監査の概要").is_empty());
    assert_eq!(code("監査と点検の体制"), ["A"]);
    assert_eq!(code("監査の体制"), ["B"]);
}

#[test]
fn document_variables_headings_and_previous_passages_count() {
    let scheme = format!(
        "{HEAD}[[code]]\nid = \"A\"\nja = \"\"\nen = \"\"\n\
         [[code.rule]]\nid = \"a\"\nwhen = 'kind(統合報告書) and year() >= 2020 and heading(情報) and previous(委員会)'\n"
    );
    let mut worker = coder_of(&scheme).worker();
    let headings = ["情報の保護".to_owned()];
    let variables = DocumentVariables {
        kind: Some("統合報告書"),
        industry: None,
        year: Some(2021),
    };
    let mut input = CodingInput {
        text: "年4回開いています。",
        headings: &headings,
        previous: Some("委員会を置く。"),
        variables,
    };
    assert_eq!(worker.code(&input).expect("codes").labels, ["A"]);
    input.variables.year = Some(2019);
    assert!(worker.code(&input).expect("codes").labels.is_empty());
}

#[test]
fn every_mistake_of_a_scheme_is_reported_with_its_line() {
    let scheme = "[scheme]\nid = \"t\"\nja = \"\"\nen = \"\"\n[words]\naudit = \"監査 @othr\"\nother = \"点検\"\n\
                  [[code]]\nid = \"X\"\nja = \"\"\nen = \"\"\n\
                  [[code.rule]]\nid = \"r\"\nwhen = '''@audit and\n  @audti'''\nfacet = \"f\"\n\
                  [[code.rule]]\nid = \"s\"\nwhen = '監査 and ('\n";
    let error = Scheme::parse(scheme, "my.toml", &|_| Err(std::io::ErrorKind::NotFound.into())).unwrap_err();
    let lines: Vec<usize> = error.problems.iter().map(|p| p.line).collect();
    assert_eq!(lines, [6, 15, 16, 19], "{error}");
    let text = error.to_string();
    assert!(
        text.contains("my.toml:6:") && text.contains("did you mean 'other'"),
        "{text}"
    );
    assert!(text.contains("did you mean 'audit'"), "{text}");
}

#[test]
fn rules_that_ask_for_themselves_are_refused() {
    let scheme = format!("{HEAD}[rules]\na = '$b'\nb = '監査 and $a'\n");
    let error = Scheme::parse(&scheme, "t", &|_| Err(std::io::ErrorKind::NotFound.into())).unwrap_err();
    assert!(error.to_string().contains("asks for itself"), "{error}");
}

#[test]
fn the_default_scheme_codes_plain_statements() {
    let cases: [(&str, &[&str]); 10] = [
        (
            "「情報セキュリティ基本方針」を改定し、ウェブサイトで公表しました。",
            &["C01"],
        ),
        ("CISOを任命し、情報セキュリティ委員会を設置しています。", &["C02"]),
        (
            "全従業員に情報セキュリティのeラーニングを受講させています。",
            &["C03"],
        ),
        (
            "サイバー攻撃により生産が止まった場合、業績に影響を及ぼす可能性があります。",
            &["C04"],
        ),
        ("端末の通信ログをSOCが24時間監視しています。", &["C05"]),
        ("情報セキュリティの内部監査を年1回実施しています。", &["C06"]),
        (
            "CSIRTを設置し、インシデント発生時の連絡手順を定めています。",
            &["C07"],
        ),
        (
            "基幹システムのバックアップサイトを遠隔地に構えています。",
            &["C08"],
        ),
        (
            "委託先に情報セキュリティの遵守を求め、契約に定めています。",
            &["C09"],
        ),
        ("金融ISACに加盟しています。", &["C10"]),
    ];
    for (text, expected) in cases {
        assert_eq!(labels(&[], text), expected, "{text}");
    }
}

#[test]
fn other_viruses_and_other_security_stay_outside() {
    for text in [
        "新型コロナウイルス感染症の影響により、売上高は減少しました。",
        "取締役の職務の執行に係る情報は、文書管理規程に従い保存及び管理します。",
        "食品の安全を守るため、全工場で衛生の監査を実施しています。",
        "水セキュリティの調査で最高評価を得ました。",
        "新型コロナウイルスの感染拡大により、システム開発の受注に影響が生じる事態となりました。",
        "定量的な保有効果は、機密保持の観点から記載が困難であります。",
        "取引の機密保持の観点から記載を省略しております。",
        "2015年4月\tサイバネットシステム株式会社取締役",
        "監査役は、いつでも重要情報を閲覧することができます。",
        "2001年3月\t品質マネジメントシステム「ISO9001」の認証を取得（認証番号ABC-1）",
        "顧客の生命と財産を守る耐震住宅を開発しています。",
        "財務基盤の強化に向け、不採算の受注を未然に防ぐ管理体制を強化します。",
    ] {
        let input = CodingInput {
            text,
            ..CodingInput::default()
        };
        assert!(
            !default_coder().worker().code(&input).expect("codes").in_scope,
            "{text}"
        );
    }
}

fn follows(previous: &str, headings: &[&str], text: &str) -> Coding {
    let headings: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
    let input = CodingInput {
        text,
        headings: &headings,
        previous: Some(previous),
        ..CodingInput::default()
    };
    default_coder().worker().code(&input).expect("codes")
}

#[test]
fn only_what_speaks_of_the_same_matter_continues_it() {
    let previous = "サーバーの更新と情報セキュリティの強化に5億円を投じました。";
    assert!(
        !follows(
            previous,
            &[],
            "なお、不動産事業における重要な設備投資はありません。"
        )
        .in_scope
    );
    assert!(!follows("システム障害対応費用引当金\t100\t120", &[], "その他\t320\t410").in_scope);
    assert!(!follows(previous, &["情報システム株式会社"], "2020年12月31日現在").in_scope);
    assert!(follows(previous, &[], "これらの運用状況は毎年点検しています。").in_scope);
    let row = follows(
        "KPI：情報セキュリティ教育の受講率",
        &["KPI"],
        "2018年度目標：100％",
    );
    assert_eq!(row.labels, ["C06"]);
}

#[test]
fn mail_drills_train_staff_and_exercises_train_the_response() {
    for drill in [
        "標的型メール攻撃訓練",
        "標的型攻撃メール訓練",
        "不審メール対応訓練",
        "フィッシングメール訓練",
    ] {
        let text = format!("従業員に{drill}を実施しています。");
        assert_eq!(labels(&[], &text), ["C03"], "{text}");
    }
    assert_eq!(
        labels(&[], "CSIRTがサイバー攻撃を想定した机上演習を行いました。"),
        ["C07"]
    );
}

#[test]
fn results_reported_are_pdca_and_oversight_is_governance() {
    let text = "情報セキュリティ対策の実施状況は、半期ごとに取締役会に報告しています。";
    assert_eq!(labels(&[], text), ["C06"]);
    let text = "取締役会は、サイバーリスクへの対応を監督しています。";
    assert_eq!(labels(&[], text), ["C02"]);
}

#[test]
fn an_incident_imagined_is_a_risk_and_one_suffered_is_a_result() {
    let text = "情報漏えいが発生した場合、当社の業績に影響を及ぼす可能性があります。";
    assert_eq!(labels(&[], text), ["C04"]);
    let text =
        "2023年8月に不正アクセスが発生し、お客様に深くお詫び申し上げるとともに、原因の調査を進めました。";
    assert_eq!(labels(&[], text), ["C06", "C07"]);
}

#[test]
fn evidence_is_the_printed_text_and_every_code_has_some() {
    let text = "①当社では、ｻｲﾊﾞｰｾｷｭﾘﾃｨ 基本方針を\n制定し、ＣＩＳＯを任命しました。";
    let coding = default_coder()
        .worker()
        .code(&CodingInput {
            text,
            ..CodingInput::default()
        })
        .expect("codes");
    assert_eq!(coding.labels, ["C01", "C02"]);
    for code in &coding.labels {
        assert!(coding.evidence.iter().any(|e| e.code == *code));
    }
    for e in &coding.evidence {
        let cut: String = text.chars().skip(e.start).take(e.end - e.start).collect();
        assert_eq!(cut, e.text);
        assert!(!e.text.is_empty());
    }
}

#[test]
fn explaining_names_what_fired_and_what_was_missing() {
    let mut worker = with_rule("監査 and 委託先");
    let traces = worker
        .explain(&CodingInput {
            text: "監査を行う。",
            ..CodingInput::default()
        })
        .expect("explains");
    assert_eq!(traces.len(), 1);
    assert_eq!(
        traces[0].verdict,
        Verdict::Almost {
            missing: "\"委託先\"".to_owned()
        }
    );
    let traces = worker
        .explain(&CodingInput {
            text: "委託先の監査",
            ..CodingInput::default()
        })
        .expect("explains");
    assert!(matches!(&traces[0].verdict, Verdict::Fired { text } if text == "委託先の監査"));
}

#[test]
fn a_worker_forgets_the_passage_before() {
    let mut worker = default_coder().worker();
    let mut code = |text| {
        worker
            .code(&CodingInput {
                text,
                ..CodingInput::default()
            })
            .expect("codes")
    };
    let first = code("金融ISACに加盟しています。");
    let empty = code("");
    assert_eq!(empty, Coding::default());
    code("CISOを任命し、情報セキュリティ委員会を設置しています。");
    assert_eq!(code("金融ISACに加盟しています。"), first);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_makes_the_coder_panic(text in "(\\PC|情報セキュリティ|監査|を実施|。|、|\n|ＣＩＳＯ|サイバー攻撃|①){0,30}") {
        let input = CodingInput { text: &text, ..CodingInput::default() };
        let coding = default_coder().worker().code(&input).expect("codes");
        for e in &coding.evidence {
            let cut: String = text.chars().skip(e.start).take(e.end - e.start).collect();
            prop_assert_eq!(&cut, &e.text);
        }
        prop_assert!(coding.labels.iter().all(|c| coding.evidence.iter().any(|e| e.code == *c)));
    }
}

/// Workers keep what they learn of words; which passages they read before must not show. Marks of ASCII are one unknown
/// word to the dictionary.
#[test]
fn what_was_read_before_leaves_no_trace() {
    let roles = |before: &str, text: &str| {
        let mut worker = default_coder().worker();
        let scheme = Arc::clone(&worker.scheme);
        for text in [before, text] {
            worker.matcher.scan(&scheme, text, "", "");
            worker.matcher.read(&scheme, text).expect("text");
        }
        let traits = &worker.matcher.analysis.traits;
        traits.iter().map(|t| (t.role, t.shades)).collect::<Vec<_>>()
    };
    let text = "監査(内部)、点検-訓練+演習 100% [注]";
    for before in ["(", ")", "-", "%", "+", "★", "Zscaler"] {
        assert_eq!(roles(before, text), roles("", text), "after {before}");
    }
}
