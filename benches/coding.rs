//! Tokenizing and coding, in bytes of text per second on one core.

use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mieruka::coding::{Coder, CodingInput};
use mieruka::dictionaries::Dictionaries;
use mieruka::normalize::normalize;
use mieruka::scheme::Scheme;
use mieruka::tokenize::Tokenizer;

/// In scope, every one: the dear case.
const DENSE: [&str; 6] = [
    "当社は、情報セキュリティ基本方針を定め、全役職員への周知を図るとともに、毎年その内容を見直しています。",
    "CISOを委員長とする情報セキュリティ委員会を設置し、対策の進捗を四半期ごとに取締役会へ報告しています。",
    "サイバー攻撃により基幹システムが停止した場合、生産及び出荷が滞り、当社グループの業績に影響を及ぼす可能性があります。",
    "全従業員を対象としたeラーニングと標的型攻撃メール訓練を年2回実施し、受講率は99％でした。",
    "業務委託先に対しては、契約において安全管理措置を求め、年1回の書面調査と訪問点検により実施状況を確認しています。",
    "インシデント発生時にはCSIRTが初動対応と原因究明にあたり、手順書に従って関係先へ連絡します。",
];

/// Out of scope: nineteen in twenty passages of a report.
const PLAIN: [&str; 3] = [
    "当連結会計年度におけるわが国経済は、雇用と所得の環境が改善するなか、緩やかな回復が続きました。",
    "菓子部門では、新商品の発売と広告の効果により売上高が前年同期を上回り、営業利益も増加しました。",
    "定款の定めにより、取締役の任期は、選任後1年以内に終了する事業年度に関する定時株主総会の終結の時までであります。",
];

fn tokenizer() -> Tokenizer {
    let terms = Dictionaries::embedded().read("terms.csv").expect("embedded").text;
    Tokenizer::new(&terms, "terms.csv").expect("the terms compile")
}

fn coder() -> Coder {
    let read = |name: &str| {
        let file = Dictionaries::embedded().read(&format!("schemes/{name}"))?;
        Ok(file.text)
    };
    let text = read("disclosure10.toml").expect("embedded");
    let scheme = Scheme::parse(&text, "disclosure10.toml", &read).expect("compiles");
    Coder::new(Arc::new(scheme), tokenizer())
}

fn bytes(passages: &[&str]) -> Throughput {
    Throughput::Bytes(passages.iter().map(|p| p.len() as u64).sum())
}

fn coding(c: &mut Criterion) {
    let report: Vec<&str> = (0..20)
        .map(|i| if i == 0 { DENSE[2] } else { PLAIN[i % 3] })
        .collect();
    let mut worker = coder().worker();
    let mut group = c.benchmark_group("coding");
    for (name, passages) in [
        ("every passage in scope", DENSE.as_slice()),
        ("one passage in twenty in scope", &report),
    ] {
        group.throughput(bytes(passages));
        group.bench_function(name, |b| {
            b.iter(|| {
                for text in passages {
                    let input = CodingInput {
                        text,
                        ..CodingInput::default()
                    };
                    std::hint::black_box(worker.code(&input).expect("codes"));
                }
            })
        });
    }
    group.finish();
}

fn tokenizing(c: &mut Criterion) {
    let mut worker = tokenizer().worker();
    let mut tokens = Vec::new();
    let mut group = c.benchmark_group("tokenizing");
    group.throughput(bytes(&DENSE));
    group.bench_function("normalise and tokenize", |b| {
        b.iter(|| {
            for text in DENSE {
                worker
                    .tokenize(&normalize(text).text, &mut tokens)
                    .expect("tokenizes");
                std::hint::black_box(&tokens);
            }
        })
    });
    group.finish();
    c.bench_function("scheme and tokenizer from nothing", |b| b.iter(coder));
}

criterion_group!(benches, coding, tokenizing);
criterion_main!(benches);
