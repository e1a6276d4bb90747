//! Learned weights, on a small scheme of their own.

use super::*;

/// Two codes: A by rule and by weights, B by weights alone.
fn learned_worker() -> CodingWorker {
    const SCHEME: &str = "[scheme]\nid = \"t\"\nja = \"試験\"\nen = \"test\"\nweights = \"w.csv\"\n\
        [words]\nthing = \"方針\"\n\
        [[code]]\nid = \"A\"\nja = \"\"\nen = \"\"\nrule = [{ id = \"r\", when = \"@thing\" }]\n\
        [[code]]\nid = \"B\"\nja = \"\"\nen = \"\"\n";
    const WEIGHTS: &str = "family,feature,scope,A,B\n\
        model,intercept,1,-.5,-.5\nmodel,rules-yes,,1,\nmodel,rules-no,,,\n\
        word,食品,-9,,\nword,点検,,,9\nword,廃止,,-9,\nheading-list,@thing,,,9\n";
    let read = |name: &str| match name {
        "w.csv" => Ok(WEIGHTS.to_owned()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    };
    let scheme = Scheme::parse(SCHEME, "t.toml", &read).expect("compiles");
    Coder::new(Arc::new(scheme), tokenizer()).worker()
}

fn learned(headings: &[&str], text: &str) -> Coding {
    let headings: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
    let input = CodingInput {
        text,
        headings: &headings,
        ..CodingInput::default()
    };
    learned_worker().code(&input).expect("codes")
}

#[test]
fn a_learned_code_rests_on_the_clause_that_speaks_for_it() {
    let coding = learned(&[], "昨年は休み、拠点を順に点検し、結果をまとめた。");
    assert_eq!(coding.labels, ["B"]);
    let [evidence] = coding.evidence.as_slice() else {
        panic!("{:?}", coding.evidence);
    };
    assert_eq!(
        (evidence.rule.as_str(), evidence.text.as_str()),
        ("learned", "拠点を順に点検し")
    );
}

#[test]
fn rules_and_weights_decide_together() {
    let ruled = learned(&[], "方針を定めた。");
    assert_eq!(ruled.labels, ["A"]);
    assert_eq!(ruled.evidence.first().map(|e| e.rule.as_str()), Some("r"));
    assert!(
        learned(&[], "方針を廃止した。").labels.is_empty(),
        "weights overrule a rule"
    );
}

#[test]
fn what_stands_in_a_heading_gives_no_code_without_evidence_in_the_text() {
    assert!(learned(&["方針"], "次のとおり。").labels.is_empty());
}

#[test]
fn the_scope_is_learned_too() {
    let coding = learned(&[], "食品を点検した。");
    assert_eq!((coding.in_scope, coding.labels.len()), (false, 0));
}

#[test]
fn scores_are_explained_by_their_parts() {
    let input = CodingInput {
        text: "方針を点検した。",
        ..CodingInput::default()
    };
    let (_, learned) = learned_worker().explain_all(&input).expect("explains");
    let of: Vec<&str> = learned.iter().map(|t| t.of.as_str()).collect();
    assert_eq!(of, ["scope", "A", "B"]);
    assert_eq!(learned[1].rules, 1.0);
    assert_eq!(learned[2].weightiest[0].feature, "word 点検");
}

#[test]
fn training_teaches_what_the_passages_show_and_gives_the_same_bytes_again() {
    use super::train::{TrainingOptions, TrainingPassage, train};

    const SCHEME: &str = "[[code]]\nid = \"A\"\nja = \"\"\nen = \"\"\n";
    let texts = [
        "監査を実施した。",
        "監査を受けた。",
        "売上が伸びた。",
        "売上が減った。",
    ];
    let label = vec!["A".to_owned()];
    let groups: Vec<String> = (0..20).map(|i| format!("company {i}")).collect();
    let passages: Vec<TrainingPassage<'_>> = groups
        .iter()
        .flat_map(|group| texts.iter().map(move |text| (group, text)))
        .map(|(group, text)| TrainingPassage {
            input: CodingInput {
                text,
                ..CodingInput::default()
            },
            group,
            in_scope: text.contains("監査"),
            labels: if text.contains("監査") { &label } else { &[] },
        })
        .collect();
    let run = || {
        let mut worker = coder_of(&format!("{HEAD}{SCHEME}")).worker();
        train(&mut worker, &passages, &TrainingOptions::default()).expect("trains")
    };
    let training = run();
    assert_eq!(training.weights_f1, 1.0);
    assert_eq!(training.file, run().file);
    let file = String::from_utf8(training.file).expect("UTF-8");
    let scheme = Scheme::parse(&format!("{HEAD}weights = \"w.csv\"\n{SCHEME}"), "t.toml", &|_| {
        Ok(file.clone())
    })
    .expect("compiles");
    let mut worker = Coder::new(Arc::new(scheme), tokenizer()).worker();
    let code = |worker: &mut CodingWorker, text| {
        let input = CodingInput {
            text,
            ..CodingInput::default()
        };
        worker.explain_all(&input).expect("explains").1
    };
    let score = |traces: &[LearnedTrace]| traces[1].score - traces[1].rules;
    assert!(score(&code(&mut worker, "監査を終えた。")) > score(&code(&mut worker, "売上を終えた。")));
}

#[test]
fn a_final_exclusion_is_overruled_by_no_weight() {
    let labels = |last: bool| {
        let scheme = format!(
            "[scheme]\nid = \"t\"\nja = \"試験\"\nen = \"test\"\nweights = \"w.csv\"\n\
             [[scope.include]]\nid = \"i\"\nwhen = \"方針\"\n\
             [[scope.exclude]]\nid = \"x\"\nfinal = {last}\nwhen = \"広告\"\n\
             [[code]]\nid = \"A\"\nja = \"\"\nen = \"\"\nrule = [{{ id = \"r\", when = \"方針\" }}]\n"
        );
        let read = |_: &str| {
            Ok("family,feature,scope,A\nmodel,intercept,5,\nmodel,rules-yes,1,1\nmodel,rules-no,-1,\nword,方針,,2\n"
                .to_owned())
        };
        let scheme = Scheme::parse(&scheme, "t.toml", &read).expect("compiles");
        let input = CodingInput {
            text: "広告の方針を定めた。",
            ..CodingInput::default()
        };
        let mut worker = Coder::new(Arc::new(scheme), tokenizer()).worker();
        worker.code(&input).expect("codes").labels
    };
    assert_eq!(labels(false), ["A"]);
    assert!(labels(true).is_empty());
}
