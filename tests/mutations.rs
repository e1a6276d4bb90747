//! Sample reports, broken at random: no hang, no crash of the program, and an answer for every one.
//!
//! Two hundred mutants are read in the suite. Twenty thousand, with the deaths of workers listed:
//! `MIERUKA_MUTANTS=20000 cargo test --release --test mutations -- --nocapture`; `MIERUKA_MUTANTS_FROM=N` begins at the
//! N-th, so that one can be read again.

mod common;

use std::io::{Read, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use mieruka::extract::{DocumentStatus, Extraction};
use mieruka::layout::{lay_out, page_text};
use mieruka::passage::cut;
use mieruka::worker::{Limits, Pool};

/// Larger samples hold more of the same.
const LARGEST: usize = 160_000;

/// SplitMix64 (Steele, Lea and Flood 2014): the same mutants everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}

fn samples() -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<PathBuf> = Vec::new();
    let corpus = common::root().join("tests/corpus");
    let mut folders = vec![corpus, common::root().join("tests/broken")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of samples").flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path if path.extension().is_some_and(|x| x == "pdf") => paths.push(path),
                _ => {}
            }
        }
    }
    paths.sort();
    let read = |path: PathBuf| (path.display().to_string(), std::fs::read(path).expect("a sample"));
    let all = paths.into_iter().map(read);
    all.filter(|(_, pdf)| (500..LARGEST).contains(&pdf.len()))
        .collect()
}

/// Every place of `needle`.
fn places(pdf: &[u8], needle: &[u8]) -> Vec<usize> {
    let windows = pdf.windows(needle.len()).enumerate();
    windows.filter(|(_, w)| *w == needle).map(|(i, _)| i).collect()
}

/// What stands between two words, both excluded.
fn between(pdf: &[u8], begin: &[u8], end: &[u8]) -> Vec<Range<usize>> {
    let ends = places(pdf, end);
    let begins = places(pdf, begin).into_iter().map(|at| at + begin.len());
    begins
        .filter_map(|from| Some(from..*ends.iter().find(|e| **e >= from)?))
        .collect()
}

fn flip_bits(pdf: &mut [u8], random: &mut Random) {
    for _ in 0..1 << random.below(9) {
        let at = random.below(pdf.len());
        if let Some(byte) = pdf.get_mut(at) {
            *byte ^= 1 << random.below(8);
        }
    }
}

fn enlarge_numbers(pdf: &mut Vec<u8>, random: &mut Random) {
    const HUGE: [&str; 8] = [
        "99999999999999999999",
        "-1",
        "2147483647",
        "4294967296",
        "0",
        "1e400",
        "-9e9",
        ".0000001",
    ];
    for _ in 0..1 + random.below(8) {
        let at = random.below(pdf.len());
        let digit = |b: &u8| b.is_ascii_digit();
        if let Some(from) = pdf[at..].iter().position(digit).map(|i| at + i) {
            let to = pdf[from..]
                .iter()
                .position(|b| !digit(b))
                .map_or(pdf.len(), |i| from + i);
            pdf.splice(from..to, HUGE[random.below(HUGE.len())].bytes());
        }
    }
}

fn delete_objects(pdf: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(4) {
        if let Some(object) = random.of(&between(pdf, b" obj", b"endobj")).cloned() {
            pdf.drain(object);
        }
    }
}

/// A stream takes the place of another one, of this file or of the other.
fn splice_streams(pdf: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let source = if random.below(2) == 0 {
        pdf.clone()
    } else {
        other.to_vec()
    };
    let taken = random.of(&between(&source, b"stream", b"endstream")).cloned();
    let place = random.of(&between(pdf, b"stream", b"endstream")).cloned();
    if let (Some(taken), Some(place)) = (taken, place) {
        pdf.splice(place, source[taken].iter().copied());
    }
}

/// A packed stream is unpacked, broken, and packed again, so that what lies behind the unpacking is reached.
fn break_inside(pdf: &mut Vec<u8>, random: &mut Random) {
    let streams = between(pdf, b"stream\n", b"endstream");
    let Some(place) = random.of(&streams).cloned() else {
        return;
    };
    let mut content = Vec::new();
    // What cannot be unpacked to its end is broken as far as it goes.
    let _ = ZlibDecoder::new(&pdf[place.clone()])
        .take(4 << 20)
        .read_to_end(&mut content);
    if content.is_empty() {
        return;
    }
    match random.below(3) {
        0 => flip_bits(&mut content, random),
        1 => enlarge_numbers(&mut content, random),
        _ => {
            let from = random.below(content.len());
            let piece = content[from..(from + 1 + random.below(2_000)).min(content.len())].to_vec();
            let at = random.below(content.len());
            content.splice(at..at, piece.repeat(1 + random.below(50)));
        }
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&content).expect("in memory");
    pdf.splice(place, encoder.finish().expect("in memory"));
}

/// The mutant of this number: a sample, and one to three breaks.
fn mutant(number: usize, samples: &[(String, Vec<u8>)]) -> (String, Vec<u8>) {
    let mut random = Random(number as u64);
    let (name, pdf) = random.of(samples).expect("a sample");
    let (_, other) = random.of(samples).expect("a sample");
    let (mut pdf, mut told) = (pdf.clone(), name.clone());
    for _ in 0..1 + random.below(3) {
        let how = random.below(6);
        told += [" bits", " cut", " numbers", " objects", " streams", " inside"][how];
        match how {
            0 => flip_bits(&mut pdf, &mut random),
            1 => pdf.truncate(random.below(pdf.len())),
            2 => enlarge_numbers(&mut pdf, &mut random),
            3 => delete_objects(&mut pdf, &mut random),
            4 => splice_streams(&mut pdf, other, &mut random),
            _ => break_inside(&mut pdf, &mut random),
        }
        if pdf.is_empty() {
            break;
        }
    }
    (told, pdf)
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().expect(name))
}

/// Lays out and cuts what was read, as a run does; the pages must be numbered, and a document without text must say why.
fn use_up(extraction: &Extraction) {
    for (number, page) in (1..).zip(&extraction.pages) {
        assert_eq!(page.number, number, "pages in order, none missing");
        page_text(page);
    }
    cut("mutant", &lay_out(&extraction.pages));
    assert!(extraction.status == DocumentStatus::Ok || !extraction.reason.is_empty());
}

#[test]
fn every_mutant_gets_an_answer() {
    let (count, from) = (
        setting("MIERUKA_MUTANTS", 200),
        setting("MIERUKA_MUTANTS_FROM", 0),
    );
    let limits = Limits {
        cpu: Duration::from_secs(10),
        memory: 1 << 30,
    };
    let pool = Pool::of_program(env!("CARGO_BIN_EXE_mieruka").into(), limits);
    let (samples, next, deaths) = (samples(), AtomicUsize::new(from), Mutex::new(Vec::new()));
    let work = || {
        let dir = common::Dir::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= from + count {
                return;
            }
            let (told, pdf) = mutant(number, &samples);
            dir.write("mutant.pdf", pdf);
            let begun = Instant::now();
            let extraction = pool.extract(&dir.file("mutant.pdf"));
            let read = begun.elapsed();
            let used = std::panic::catch_unwind(|| use_up(&extraction));
            use DocumentStatus::{Crashed, OutOfMemory, Timeout};
            let died = matches!(extraction.status, Crashed | OutOfMemory | Timeout)
                || extraction.reason.contains("the first engine");
            let slow = begun.elapsed() > Duration::from_secs(5);
            if used.is_err() || died || slow {
                let took = (read, begun.elapsed() - read);
                let line = format!("mutant {number} ({told}): {} {took:?}", extraction.reason);
                deaths
                    .lock()
                    .expect("no panic while it is held")
                    .push((used.is_err(), line));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let thread = std::thread::Builder::new().stack_size(64 << 20);
            thread.spawn_scoped(scope, work).expect("a thread");
        }
    });
    let mut deaths = deaths.into_inner().expect("no panic while it was held");
    deaths.sort();
    for (_, line) in &deaths {
        println!("{line}");
    }
    println!(
        "{count} mutants from {from}: {} killed a worker, panicked or were slow",
        deaths.len()
    );
    assert!(pool.is_isolated());
    assert!(
        !deaths.iter().any(|(panicked, _)| *panicked),
        "layout panicked: {deaths:#?}"
    );
    assert!(
        deaths.len() * 100 <= count,
        "more than one in a hundred: {deaths:#?}"
    );
}
