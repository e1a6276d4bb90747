//! Sentences and the facts they tell, or do not tell.

use super::*;

/// Compiling for every sentence would take most of the time of the tests.
fn finder() -> &'static FactFinder {
    static FINDER: std::sync::OnceLock<FactFinder> = std::sync::OnceLock::new();
    let text = include_str!("../../dictionaries/facts.toml");
    FINDER.get_or_init(|| FactFinder::new(text, "facts.toml").unwrap())
}

fn facts(text: &str) -> Vec<Fact> {
    under(text, &[])
}

fn under(text: &str, headings: &[&str]) -> Vec<Fact> {
    let headings: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
    let input = FactInput {
        text,
        headings: &headings,
    };
    finder().find(&input)
}

fn names(text: &str, kind: FactKind) -> Vec<String> {
    let of_kind = facts(text).into_iter().filter(|f| f.kind == kind);
    of_kind.map(|f| f.name).collect()
}

#[test]
fn a_certificate_that_is_held_is_a_fact() {
    for text in [
        "情報セキュリティマネジメントシステム（ISMS）の認証を取得しています。",
        "本社でＩＳＯ／ＩＥＣ ２７００１を2019年に取得し、翌年に更新しました。",
        "ISO27001認証の更新審査に合格しました。",
        "2019年より継続してISO/IEC 27001:2022を維持しております。",
    ] {
        assert_eq!(
            names(text, FactKind::Certification),
            ["ISO/IEC 27001 (ISMS)"],
            "{text}"
        );
    }
    assert_eq!(
        names("PCI DSSに準拠しています。", FactKind::Certification),
        ["PCI DSS"]
    );
    assert_eq!(
        names("SOC2 Type2報告書を毎年取得する。", FactKind::Certification),
        ["SOC 2"]
    );
}

#[test]
fn a_certificate_planned_followed_lost_or_anothers_is_none() {
    for text in [
        "ISO27001の取得を目指しています。",
        "2026年度にプライバシーマークを取得する予定です。",
        "プライバシーマークの取得に向けた準備を進めています。",
        "今後、ISMS認証を取得していきます。",
        "ISO27001に準拠した規程を定めています。",
        "ISO27001の認証は2020年に返上しました。",
        "委託先はプライバシーマークを取得しています。",
        "提供事業者にはSOC2報告書の提出を求めています。",
        "プライバシーマークの有無を確認し、取引を判断します。",
        "ISO27001を取得していない会社には支援を行います。",
        "ISMS認証を取得した事業者を選んでいます。",
    ] {
        assert_eq!(names(text, FactKind::Certification), [""; 0], "{text}");
    }
}

#[test]
fn a_certificate_tells_what_it_covers() {
    let scope = |text: &str| {
        let fact = facts(text).remove(0);
        (fact.scope, fact.entities)
    };
    assert_eq!(
        scope("国内グループ12社でISO27001を取得しています。"),
        ("国内グループ12社".into(), Some(12))
    );
    assert_eq!(
        scope("ISO/IEC 27001（情報システム本部）の認証を維持しています。"),
        ("情報システム本部".into(), None)
    );
    assert_eq!(
        scope("データセンター部門を対象にISO27001の認証を更新しました。"),
        ("データセンター部門".into(), None)
    );
    assert_eq!(scope("ISO27001（ISMS）の認証を取得。").0, "");
    let both = facts("物流部門において、ISO/IEC 27001及びISO/IEC 27017の認証を維持しています。");
    assert!(
        both.iter().all(|f| f.scope == "物流部門") && both.len() == 2,
        "{both:?}"
    );
}

#[test]
fn a_row_under_a_heading_of_certificates_needs_no_verb() {
    let found = under("ISO/IEC 27001\t本社、大阪支社", &["第三者認証"]);
    assert_eq!(found[0].kind, FactKind::Certification);
    assert!(under("ISO/IEC 27001\t本社、大阪支社", &["用語集"]).is_empty());
}

#[test]
fn a_body_is_joined_by_joining_it() {
    let body = |text: &str| names(text, FactKind::Membership);
    assert_eq!(
        body("日本シーサート協議会及びFIRSTに加盟しています。"),
        ["日本シーサート協議会", "FIRST"]
    );
    assert_eq!(body("交通ISACの会員として情報を交換しています。"), ["交通ISAC"]);
    assert_eq!(
        body("電力業界のセプターに参加しています。"),
        ["電力業界のセプター"]
    );
    for text in [
        "金融ISACの注意喚起を受け、設定を見直しました。",
        "日本シーサート協議会が主催する演習に参加しました。",
        "J-CSIPから届いた情報をもとに遮断しています。",
        "日本シーサート協議会への加盟を検討しています。",
        "来年度は金融ISACに加盟する計画です。",
        "日本シーサート協議会は2019年に退会しました。",
        "委託先は日本シーサート協議会に加盟しています。",
    ] {
        assert_eq!(body(text), [""; 0], "{text}");
    }
}

#[test]
fn a_team_has_its_name_and_a_bare_word_must_be_the_companys() {
    let team = |text: &str| names(text, FactKind::Csirt);
    assert_eq!(team("「あかつきCSIRT」が初動に当たります。"), ["あかつきCSIRT"]);
    assert_eq!(team("AKATSUKI-SIRTを2020年に設けました。"), ["AKATSUKI-SIRT"]);
    assert_eq!(team("社内の専門組織CSIRTを設置しています。"), ["CSIRT"]);
    for text in [
        "JPCERT/CCに届け出ました。",
        "CSIRTの設置を検討しています。",
        "CSIRTとは、事故に対応する組織です。",
        "業界のCSIRT連絡会が開かれました。",
    ] {
        assert_eq!(team(text), [""; 0], "{text}");
    }
}

#[test]
fn an_officer_and_who_it_is() {
    let holder = |text: &str| {
        let fact = facts(text)
            .into_iter()
            .find(|f| f.kind == FactKind::Officer)
            .unwrap();
        (fact.name, fact.holder)
    };
    assert_eq!(
        holder("専務取締役をCISOに任命しました。"),
        ("CISO".into(), "専務取締役".into())
    );
    assert_eq!(
        holder("最高情報セキュリティ責任者（CISO）は代表取締役副社長が務めます。"),
        ("CISO".into(), "代表取締役副社長".into())
    );
    assert_eq!(
        holder("個人情報保護管理者　総務部長"),
        ("個人情報保護管理者".into(), "総務部長".into())
    );
    assert_eq!(holder("CISOが委員長を務めます。").1, "");
    assert!(names("CISOの設置を検討しています。", FactKind::Officer).is_empty());
    assert!(names("企業はCISOを置くべきである。", FactKind::Officer).is_empty());
}

#[test]
fn a_figure_has_value_unit_and_what_it_measures() {
    let figure = |text: &str| -> Vec<(f64, String, String)> {
        let of_kind = facts(text).into_iter().filter(|f| f.kind == FactKind::Figure);
        of_kind
            .filter_map(|f| Some((f.value?, f.unit, f.measure)))
            .collect()
    };
    let one = |value: f64, unit: &str, measure: &str| vec![(value, unit.to_owned(), measure.to_owned())];
    assert_eq!(
        figure("情報セキュリティ教育の受講率は１００％でした。"),
        one(100.0, "%", "情報セキュリティ教育の受講率")
    );
    assert_eq!(
        figure("情報セキュリティ対策費574百万円を計上しました。"),
        one(574e6, "円", "情報セキュリティ対策費")
    );
    assert_eq!(
        figure("重大な情報漏えい事故は0件でした。"),
        one(0.0, "件", "重大な情報漏えい事故")
    );
    assert_eq!(
        figure("委託先約1,500社に情報管理の点検を求めました。"),
        one(1500.0, "社", "委託先")
    );
    assert_eq!(
        figure("3億円の予備費を端末の保護に充てます。"),
        one(3e8, "円", "予備費")
    );
    assert_eq!(figure("情報システムは第3回の委員会で審議しました。"), []);
    assert_eq!(figure("売上高は12億円で、システム障害の影響はありません。"), []);
}

#[test]
fn a_figure_told_behind_its_number_or_by_what_is_done() {
    let figures = |text: &str| -> Vec<(f64, String, String)> {
        let of_kind = facts(text).into_iter().filter(|f| f.kind == FactKind::Figure);
        of_kind
            .filter_map(|f| Some((f.value?, f.measure, f.told_as)))
            .collect()
    };
    let one = |value: f64, measure: &str, told: &str| vec![(value, measure.to_owned(), told.to_owned())];
    for (text, expected) in [
        (
            "情報管理について年2回、全部署で自己点検を行う。",
            one(2.0, "自己点検", ""),
        ),
        (
            "サーバーの保守会社とは年1回の合同の切替訓練をしています。",
            one(1.0, "合同の切替訓練", ""),
        ),
        ("情報システム部は新たに5名を採用しました。", one(5.0, "採用", "")),
        (
            "制御ネットワークの分離に9億円を投じました。",
            one(9e8, "制御ネットワークの分離", ""),
        ),
        (
            "情報システムは、別の拠点で3時間以内に再開できます。",
            one(3.0, "再開", ""),
        ),
        (
            "情報セキュリティ教育を受けた者の割合は92%でした。",
            one(92.0, "情報セキュリティ教育を受けた者の割合", ""),
        ),
        (
            "個人情報の漏えい事故は1件もありませんでした。",
            one(0.0, "個人情報の漏えい事故", ""),
        ),
        (
            "セキュリティ要員を4名増やしました。",
            one(4.0, "セキュリティ要員の増加", ""),
        ),
        (
            "サイバー対策費は2億円に引き上げる計画です。",
            one(2e8, "サイバー対策費", "予定"),
        ),
        (
            "情報セキュリティ委員会を年4回開催しています。",
            one(4.0, "情報セキュリティ委員会", ""),
        ),
    ] {
        assert_eq!(figures(text), expected, "{text}");
    }
    for text in [
        "情報セキュリティ委員会は、年2回、監査結果の概要を確認します。",
        "2024年5月1日に情報システムの切替えで障害が起きました。",
        "端末の設定は1件ごとに確認します。",
        "情報漏えいが50万件起きたとの想定で演習を行いました。",
        "開発者の5人に1人がセキュリティを学んでいます。",
        "外部の情報セキュリティ評価のスコアは100点満点です。",
    ] {
        assert_eq!(figures(text), [], "{text}");
    }
    let noted = facts("情報セキュリティ基準の充足率は85%(2023年度)、100%(2025年度目標)です。");
    let told: Vec<_> = noted
        .iter()
        .map(|f| (f.period.as_str(), f.told_as.as_str()))
        .collect();
    assert_eq!(told, [("2023年度", ""), ("2025年度", "目標")]);
}

#[test]
fn a_series_keeps_the_measure_and_tells_year_and_target() {
    let series = facts("情報セキュリティ事故件数（件）\t2022年度：2\t2023年度：0");
    let told: Vec<_> = series.iter().map(|f| (f.value, f.period.as_str())).collect();
    assert_eq!(told, [(Some(2.0), "2022年度"), (Some(0.0), "2023年度")]);
    let aimed = facts("情報セキュリティ研修の受講率は98.5％（目標100％）でした。");
    let told: Vec<_> = aimed.iter().map(|f| (f.value, f.told_as.as_str())).collect();
    assert_eq!(told, [(Some(98.5), ""), (Some(100.0), "目標")]);
}

#[test]
fn evidence_leads_back_to_the_printed_characters() {
    let text = "本社で　ＩＳＯ２７００１ の認証を取得。";
    let fact = facts(text).remove(0);
    let told: String = text
        .chars()
        .skip(fact.start)
        .take(fact.end - fact.start)
        .collect();
    assert_eq!(told, "ＩＳＯ２７００１ の認証を取得");
}

#[test]
fn every_mistake_of_the_file_is_told_with_its_line() {
    let text = include_str!("../../dictionaries/facts.toml");
    let broken = text
        .replacen("'返上'", "'返(上'", 1)
        .replacen("'JC3'", "'JC[3'", 1);
    let error = FactFinder::new(&broken, "mine.toml").unwrap_err();
    assert_eq!(error.problems.len(), 2, "{error}");
    let line = |of: &str| 1 + broken.lines().position(|l| l.contains(of)).unwrap();
    let shown = error.to_string();
    assert!(
        shown.contains(&format!("mine.toml:{}: ", line("'返(上'"))),
        "{shown}"
    );
    assert!(
        shown.contains(&format!("mine.toml:{}: ", line("'JC[3'"))),
        "{shown}"
    );
    let unknown = text.replacen("later =", "latter =", 1);
    let shown = FactFinder::new(&unknown, "mine.toml").unwrap_err().to_string();
    let line = 1 + unknown.lines().position(|l| l.starts_with("latter")).unwrap();
    assert!(shown.starts_with(&format!("mine.toml:{line}: ")), "{shown}");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(s in "[ISO27001のをに、。取得加盟率は%12件社CSIRT（）\t\u{3000}お客さま年度目標-]{0,60}") {
        let count = s.chars().count();
        for fact in finder().find(&FactInput { text: &s, headings: &[] }) {
            proptest::prop_assert!(fact.start <= fact.end && fact.end <= count);
        }
    }
}
