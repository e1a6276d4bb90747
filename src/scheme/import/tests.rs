//! Rule files of our own → schemes that compile and mean the same.

use super::*;
use crate::scheme::Scheme;

/// Every word is one of the dictionary, except two.
fn imported(text: &str) -> Imported {
    import(text, "t", &mut |word: &str| {
        !["気候変動", "監査役"].contains(&word)
    })
}

/// The condition a one-code file becomes.
fn condition(text: &str) -> String {
    let made = imported(&format!("*A\n{text}\n"));
    assert!(made.remarks.iter().all(|r| !r.left_out), "{:?}", made.remarks);
    let scheme: toml::Table = made.scheme.parse().expect("TOML");
    scheme["rules"]["A"].as_str().expect("a condition").to_owned()
}

/// What is told of a one-code file that cannot be said.
fn refused(text: &str) -> String {
    let made = imported(&format!("*A\n{text}\n"));
    let told: Vec<_> = made.remarks.iter().filter(|r| r.left_out).collect();
    assert_eq!(told.len(), 1, "{text}: {:?}", made.remarks);
    assert_eq!(told[0].line, 2, "{text}");
    assert!(!made.scheme.contains("[[code]]"), "{}", made.scheme);
    told[0].message.clone()
}

#[test]
fn every_construct_becomes_its_counterpart() {
    for (kh, ours) in [
        ("監査", "<監査>"),
        ("監査 or 点検 | 診断", "<監査> or <点検> or <診断>"),
        ("監査 and 実施 & 毎年", "<監査> and <実施> and <毎年>"),
        ("監査 and not 監査役", "<監査> and not \"監査役\""),
        ("監査 &! 監査役", "<監査> and not \"監査役\""),
        ("( 監査 | 点検 ) & 実施", "(<監査> or <点検>) and <実施>"),
        ("(監査 | 点検) & 実施", "(<監査> or <点検>) and <実施>"),
        ("not ( 監査 or 点検 )", "not (<監査> or <点検>)"),
        ("監査　or　点検", "<監査> or <点検>"),
        ("監査+役", "<監査> + <役>"),
        ("委託+先", "<委託先>"),
        ("near(監査-実施)", "<監査> near/9 <実施>"),
        ("near(監査-実施)[5]", "<監査> near/4 <実施>"),
        ("seq(方針-定める)[b3]", "<方針> then/2 <定める>"),
        ("seq(a-b-c)[1]", "<a> then/0 <b> then/0 <c>"),
        ("near(監査-実施)[5] or 点検", "(<監査> near/4 <実施>) or <点検>"),
        ("'基本 方針'", "\"基本 方針\""),
        ("\"である。\"", "\"である。\""),
        ("'監査''役'", "\"監査'役\""),
        ("気候変動", "\"気候変動\""),
        ("定める=>定めた", "\"定めた\""),
        ("監査-->サ変名詞", "<監査>"),
        ("監査 >= 2", "count(<監査>) >= 2"),
        ("2 < 監査", "count(<監査>) > 2"),
        ("監査 + 点検 == 3", "count(<監査> or <点検>) = 3"),
        ("lc > 40", "length() > 40"),
        ("<>見出し2-->事業等のリスク", "heading(\"事業等のリスク\")"),
        ("<>heading1-->Risk", "heading(\"Risk\")"),
        ("<>業種-->化学 and 監査", "industry(\"化学\") and <監査>"),
        ("<>年度-->2024", "year() = 2024"),
        (
            "\"<>種類-->CSR報告書 / サステナビリティ報告書\"",
            "kind(\"CSR報告書 / サステナビリティ報告書\")",
        ),
    ] {
        assert_eq!(condition(kh), ours, "{kh}");
    }
}

#[test]
fn what_cannot_be_said_is_told_with_its_line_and_the_cure() {
    for (kh, part) in [
        ("No. == 3", "number of the document"),
        ("lw > 10", "use lc"),
        ("監査 * 点検 > 3", "by hand"),
        ("<>性別-->女", "性別"),
        ("<>売上<>", "take it out"),
        ("<*ない> and 監査", "define it first"),
        ("監査 点検", "operator"),
        ("監査 or", "too early"),
        ("( 監査 or 点検", "not closed"),
        ("監査 > 点検", "count"),
        ("near(監査)[5]", "two words"),
        ("near(監査-実施)[x]", "distance"),
        ("3", "number alone"),
        ("'監査", "not closed"),
    ] {
        assert!(refused(kh).contains(part), "{kh}: {}", refused(kh));
    }
}

#[test]
fn a_code_uses_those_above_and_falls_with_them() {
    let made = imported("# 注\n*方針\n方針 or 規程\n\n*体制\n委員会\n*両方\n<*方針> and <*体制>\n");
    assert!(made.remarks.is_empty(), "{:?}", made.remarks);
    assert!(
        made.scheme.contains("\"両方\" = '$方針 and $体制'"),
        "{}",
        made.scheme
    );
    let made = imported("*甲\nNo. == 1\n*乙\n<*甲>\n*丙\n監査\n");
    let lines: Vec<_> = made.remarks.iter().map(|r| (r.line, r.left_out)).collect();
    assert_eq!(lines, [(2, true), (4, true)]);
    assert!(made.scheme.contains("# Left out (line 2)") && made.scheme.contains("id = \"丙\""));
}

#[test]
fn names_become_ids_and_stay_labels() {
    let made = imported("＊経営 方針！\n方針\n*経営 方針?\n規程\n");
    assert!(made.scheme.contains("id = \"経営_方針_\"") && made.scheme.contains("id = \"経営_方針__2\""));
    assert!(made.scheme.contains("ja = \"経営 方針！\""), "{}", made.scheme);
}

#[test]
fn what_is_said_compiles_and_means_the_same() {
    let rules = "*監査\n監査 and not ( 予定 or 検討 )\n*近い\nnear(方針-定める)[6]\n*数\n訓練 >= 2\n*合わせ\n<*監査> | '基本方針'\n";
    let made = imported(rules);
    let scheme = Scheme::parse(&made.scheme, "t.toml", &|_| {
        Err(std::io::ErrorKind::NotFound.into())
    });
    let scheme = scheme.unwrap_or_else(|e| panic!("{e}\n{}", made.scheme));
    let terms = crate::dictionaries::Dictionaries::embedded()
        .read("terms.csv")
        .unwrap()
        .text;
    let tokenizer = crate::tokenize::Tokenizer::new(&terms, "terms.csv").unwrap();
    let coder = crate::coding::Coder::new(std::sync::Arc::new(scheme), tokenizer);
    let mut worker = coder.worker();
    let mut labels = |text: &str| {
        let input = crate::coding::CodingInput {
            text,
            ..Default::default()
        };
        worker.code(&input).unwrap().labels
    };
    assert_eq!(labels("監査を行いました。"), ["合わせ", "監査"]);
    assert_eq!(labels("監査を行う予定です。"), [""; 0]);
    assert_eq!(labels("基本的な方針を新たに定めました。"), ["近い"]);
    assert_eq!(labels("訓練のあと、また訓練をしました。"), ["数"]);
    assert_eq!(labels("訓練をしました。"), [""; 0]);
    assert_eq!(labels("基本方針です。"), ["合わせ"]);
}

#[test]
fn a_condition_without_a_word_is_left_out() {
    for condition in ["-", "--", "+", "++"] {
        let made = imported(&format!("*監査\n{condition}\n"));
        assert!(
            made.remarks.iter().any(|r| r.left_out && r.line == 2),
            "{condition}: {:?}",
            made.remarks
        );
    }
}

proptest::proptest! {
    #[test]
    fn no_file_makes_it_panic_and_what_is_written_is_a_scheme(
        text in "[*＊#\n 監査点検ab'\"()<>&|!+=\\-0-9\\[\\]]{0,80}"
    ) {
        let made = imported(&text);
        let parsed = Scheme::parse(&made.scheme, "t.toml", &|_| Err(std::io::ErrorKind::NotFound.into()));
        proptest::prop_assert!(parsed.is_ok(), "{:?}\n{}", parsed.err(), made.scheme);
    }
}
