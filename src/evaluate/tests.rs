use super::*;

fn source<'a>(name: &str, text: &'a [u8]) -> Source<'a> {
    Source {
        name: name.to_owned(),
        lines: Box::new(text),
    }
}

const GOLD: &str = r#"{"id":"a","headings":["経営","体制"],"previous":null,"text":"=会議を置く。","unit":"passage","in_scope":true,"labels":["C02","C01"],"note":1}
{"id":"b","headings":null,"text":"訓練した。","unit":"passage","in_scope":true,"labels":["C07"]}
{"id":"h","text":"見出し","unit":"heading","in_scope":false,"labels":[]}

{"id":"c","text":"無関係。","unit":"passage","in_scope":false,"labels":[]}
{"id":"d","text":"指針を定めた。","unit":"passage","in_scope":true,"labels":["C01"]}
"#;

const CODED: &str = r#"{"id":"d","in_scope":true,"labels":["C01","C02"],"evidence":[]}
{"id":"c","in_scope":false,"labels":[]}
{"id":"b","in_scope":false,"labels":[]}
{"id":"a","in_scope":true,"labels":["C01","C02","C01"]}
"#;

fn read_both() -> (Vec<GoldPassage>, Vec<CodedById>) {
    let gold = read_gold(vec![source("gold.jsonl", GOLD.as_bytes())]).unwrap();
    let coded = read_coded(vec![source("coded.jsonl", CODED.as_bytes())]).unwrap();
    (gold, coded)
}

#[test]
fn figures_are_those_worked_out_by_hand() {
    let (gold, coded) = read_both();
    let e = compare(&gold, &coded).unwrap();
    assert_eq!((e.passages, e.headings_left_out), (4, 1));
    let counts: Vec<(&str, u64, u64, u64)> = e
        .codes
        .iter()
        .map(|a| (a.code.as_str(), a.tp, a.fp, a.fn_))
        .collect();
    assert_eq!(counts, [("C01", 2, 0, 0), ("C02", 1, 1, 0), ("C07", 0, 0, 1)]);
    // Pooled: tp 3, fp 1, fn 1. Codes: F1 1, 2/3, 0.
    assert_eq!(
        (
            e.overall.micro_precision,
            e.overall.micro_recall,
            e.overall.micro_f1
        ),
        (Some(0.75), Some(0.75), Some(0.75))
    );
    assert!((e.overall.macro_f1.unwrap() - 5.0 / 9.0).abs() < 1e-12);
    // a and c have the same codes, c none.
    assert_eq!(e.overall.exact, Some(0.5));
    // Scope: both a, d; only gold b; neither c. po = 3/4, pe = (3·2 + 1·2)/16 = 1/2.
    assert_eq!(e.in_scope.kappa, Some(0.5));
    assert_eq!(
        (e.codes[2].precision, e.codes[2].recall, e.codes[2].f1),
        (None, Some(0.0), Some(0.0))
    );
}

#[test]
fn intervals_hold_the_figure_and_never_change() {
    let gold: Vec<String> = (0..200)
        .map(|i| {
            format!(
                "{{\"id\":\"{i}\",\"labels\":{}}}",
                if i % 4 == 0 { "[\"X\"]" } else { "[]" }
            )
        })
        .collect();
    let coded: Vec<String> = (0..200)
        .map(|i| {
            format!(
                "{{\"id\":\"{i}\",\"labels\":{}}}",
                if i % 4 == 0 && i % 5 != 0 || i % 50 == 1 {
                    "[\"X\"]"
                } else {
                    "[]"
                }
            )
        })
        .collect();
    let gold = read_gold(vec![source("g", gold.join("\n").as_bytes())]).unwrap();
    let coded = read_coded(vec![source("c", coded.join("\n").as_bytes())]).unwrap();
    let e = compare(&gold, &coded).unwrap();
    let [x] = e.codes.as_slice() else {
        panic!("one code")
    };
    // 50 in the gold, 40 of them found, 4 found besides.
    assert_eq!((x.n, x.tp, x.fp, x.fn_), (50, 40, 4, 10));
    let (f1, interval) = (x.f1.unwrap(), x.f1_interval.unwrap());
    assert!((f1 - 80.0 / 94.0).abs() < 1e-12);
    assert!(interval.low < f1 && f1 < interval.high, "{interval:?}");
    // The delta method gives a standard error near 0.04: an interval of about 0.15.
    assert!(
        (0.10..0.20).contains(&(interval.high - interval.low)),
        "{interval:?}"
    );
    assert_eq!(compare(&gold, &coded), Ok(e));
}

#[test]
fn the_table_shows_undefined_figures_as_dashes() {
    let (gold, coded) = read_both();
    let table = compare(&gold, &coded).unwrap().to_string();
    let lines: Vec<&str> = table.lines().collect();
    assert!(
        lines[0].starts_with("code      n  coded  tp  fp  fn  precision  recall     F1"),
        "{table}"
    );
    let c07: Vec<&str> = lines[3].split_whitespace().collect();
    assert_eq!(c07[..9], ["C07", "1", "0", "0", "0", "1", "–", "0.000", "0.000"]);
    assert!(table.ends_with(
        "4 passages (1 headings left out), same codes on 0.500\nintervals: bootstrap, 1000 resamples, seed 20190628"
    ));
}

const FACET_GOLD: &str = r#"{"id":"a","text":"委員会が監査した。","labels":["C02","C06"],"facets":["C02.committee","C06.audit"]}
{"id":"b","text":"監査した。","labels":["C06"],"facets":["C06.audit"]}
{"id":"c","text":"訓練した。","labels":["C07"]}
{"id":"d","text":"無関係。","labels":[],"facets":[]}
"#;

const FACET_CODED: &str = r#"{"id":"a","labels":["C06"],"facets":["C06.audit"]}
{"id":"b","labels":["C03","C06"],"facets":["C06.kpi","C06.audit","C03.people"]}
{"id":"c","labels":[],"facets":[]}
{"id":"d","labels":[]}
"#;

#[test]
fn facets_are_compared_where_both_are_coded_for_them() {
    let gold = read_gold(vec![source("g", FACET_GOLD.as_bytes())]).unwrap();
    let coded = read_coded(vec![source("c", FACET_CODED.as_bytes())]).unwrap();
    let facets = compare(&gold, &coded).unwrap().facets.unwrap();
    // c has none in the gold, d none in the other file.
    assert_eq!(facets.passages, 2);
    let counts: Vec<(&str, u64, u64, u64)> = facets
        .facets
        .iter()
        .map(|a| (a.code.as_str(), a.tp, a.fp, a.fn_))
        .collect();
    assert_eq!(
        counts,
        [
            ("C02.committee", 0, 0, 1),
            ("C03.people", 0, 1, 0),
            ("C06.audit", 2, 0, 0),
            ("C06.kpi", 0, 1, 0)
        ]
    );
    // All: tp 2, fp 2, fn 1. Of codes that both give: only C06.kpi is wrong.
    assert_eq!(facets.overall.micro_f1, Some(4.0 / 7.0));
    assert_eq!(facets.within_codes.micro_f1, Some(0.8));
    assert_eq!(facets.overall.exact, Some(0.0));
    let mut csv = Vec::new();
    write_disagreements(&disagreements(&gold, &coded).unwrap(), &mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    let of_b: Vec<&str> = csv.lines().filter(|l| l.starts_with("b,")).collect();
    assert_eq!(
        of_b,
        [
            "b,C03,0,1,,監査した。",
            "b,C03.people,0,1,,監査した。",
            "b,C06.kpi,0,1,,監査した。"
        ]
    );
}

#[test]
fn without_facets_there_is_no_table_of_them() {
    let (gold, coded) = read_both();
    let e = compare(&gold, &coded).unwrap();
    assert_eq!(e.facets, None);
    assert!(!e.to_string().contains("facet"));
}

#[test]
fn json_names_the_figures() {
    let (gold, coded) = read_both();
    let json = serde_json::to_value(compare(&gold, &coded).unwrap()).unwrap();
    assert_eq!(json["codes"][1]["code"], "C02");
    assert_eq!(json["codes"][2]["fn"], 1);
    assert_eq!(json["codes"][2]["precision"], serde_json::Value::Null);
    assert_eq!(json["overall"]["micro_f1"], 0.75);
    assert!(json["in_scope"]["kappa_interval"]["low"].is_number());
}

#[test]
fn disagreements_are_listed_for_a_spreadsheet() {
    let (gold, mut coded) = read_both();
    coded[3].labels = vec!["C05".to_owned()];
    let mut csv = Vec::new();
    write_disagreements(&disagreements(&gold, &coded).unwrap(), &mut csv).unwrap();
    assert_eq!(
        String::from_utf8(csv).unwrap(),
        "\u{FEFF}id,code,gold,coded,headings,text\r\n\
         a,C01,1,0,経営 > 体制,'=会議を置く。\r\na,C02,1,0,経営 > 体制,'=会議を置く。\r\na,C05,0,1,経営 > 体制,'=会議を置く。\r\n\
         b,in_scope,1,0,,訓練した。\r\nb,C07,1,0,,訓練した。\r\nd,C02,0,1,,指針を定めた。\r\n"
    );
}

fn gold_error(text: &[u8]) -> String {
    read_gold(vec![source("gold.jsonl", text)])
        .unwrap_err()
        .to_string()
}

#[test]
fn wrong_lines_are_named() {
    assert_eq!(
        gold_error(
            b"{\"id\":\"a\",\"labels\":[]}\n{\"id\":\"b\"}\nnonsense\n\xff\n{\"id\":\"a\",\"labels\":[]}"
        ),
        "gold.jsonl:2: the line is no passage: missing field `labels`; expected {\"id\":\"…\",\"in_scope\":true,\"labels\":[\"C01\"]}\n\
         gold.jsonl:3: the line is no passage: expected ident; expected {\"id\":\"…\",\"in_scope\":true,\"labels\":[\"C01\"]}\n\
         gold.jsonl:4: the line is not UTF-8 text; save the file as UTF-8\n\
         gold.jsonl:5: the id \"a\" stands twice (first: gold.jsonl:1)"
    );
    let many = "x\n".repeat(30);
    assert!(gold_error(many.as_bytes()).ends_with("\n… and 10 more"));
}

#[test]
fn ids_of_only_one_file_are_named() {
    let (gold, mut coded) = read_both();
    coded.remove(1);
    coded.push(CodedById::new("z", true, Vec::new(), Vec::new()));
    let error = compare(&gold, &coded).unwrap_err().to_string();
    assert_eq!(
        error,
        "gold.jsonl:5: the id \"c\" is not in the other file; both must hold the same passages\n\
         the id \"z\" is not in the gold; both must hold the same passages"
    );
    let heading = read_gold(vec![source(
        "g",
        b"{\"id\":\"h\",\"unit\":\"heading\",\"labels\":[]}",
    )])
    .unwrap();
    let error = compare(&heading, &[]).unwrap_err().to_string();
    assert_eq!(
        error,
        "g: there is no passage to compare: the gold is empty or holds headings only"
    );
}
