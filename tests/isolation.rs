//! Hostile documents among healthy ones: each ends within its limits with a status that fits, and touches no other.

#![cfg(unix)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::pdf::{Pdf, SENTENCE, SHOW, endless, page};
use common::{Dir, rows};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

const HEALTHY: [&str; 2] = [
    "tests/corpus/990A/yuho_2024.pdf",
    "tests/corpus/9X56/infosec_2024.pdf",
];

/// A busy machine takes its time; only what waits for something that never comes takes so long.
#[cfg(target_os = "linux")]
const A_HANG: Duration = Duration::from_secs(20);

fn shown_after(begin: &[u8]) -> Vec<u8> {
    [begin, SHOW.as_bytes()].concat()
}

/// Hostile documents by name, with the status that fits and whether their sentence is read.
fn hostile() -> Vec<(&'static str, Vec<u8>, &'static str, bool)> {
    let mut self_form = Pdf::of_page(&shown_after(b"/X0 Do\n"), "/XObject<</X0 6 0 R>>");
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X0 6 0 R>>>>";
    self_form.stream(6, form, b"/X0 Do /X0 Do");

    let mut tree_loop = Pdf::of_page(SHOW.as_bytes(), "");
    tree_loop.object(2, "<</Type/Pages/Count 3/Kids[3 0 R 2 0 R 2 0 R]>>");

    let mut bomb = Pdf::of_page(b"", "");
    bomb.packed(5, &vec![b' '; 80 << 20]);

    let mut deep_object = Pdf::of_page(SHOW.as_bytes(), "/ColorSpace 6 0 R");
    deep_object.object(6, ["[".repeat(200_000), "]".repeat(200_000)].concat());

    let mut wide_range = Pdf::of_page(SHOW.as_bytes(), "");
    let cmap = b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange \
        2 beginbfrange <20> <7E> <0020> <00000000> <FFFFFFFF> <0020> endbfrange endcmap";
    wide_range.stream(6, "", cmap);
    wide_range.object(
        4,
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>",
    );

    let deep = [b"[".repeat(200_000), b"]".repeat(200_000), b" 0 Tc\n".to_vec()].concat();
    let deep_content = Pdf::of_page(&shown_after(&deep), "");
    let unbalanced = Pdf::of_page(&shown_after(&b"q\n".repeat(300_000)), "");
    let numbers = Pdf::of_page(
        &shown_after(b"99999999999999999999999 0 0 -1e99999 0 0 cm Q\n"),
        "",
    );
    vec![
        ("self_form", self_form.bytes(), "ok", true),
        ("tree_loop", tree_loop.bytes(), "damaged", true),
        ("bomb", bomb.bytes(), "failed", false),
        ("deep_object", deep_object.bytes(), "ok", true),
        ("wide_range", wide_range.bytes(), "ok", true),
        ("deep_content", deep_content.bytes(), "ok", true),
        ("unbalanced", unbalanced.bytes(), "ok", true),
        ("numbers", numbers.bytes(), "ok", true),
    ]
}

/// A folder with a manifest of these files (name, contents), one company.
fn corpus(files: &[(String, Vec<u8>)]) -> Dir {
    let dir = Dir::new();
    let mut toml = String::from(
        "[corpus]\nname = \"試験\"\n\n[[company]]\ncode = \"990A\"\nname = \"架空電機\"\nindustry = \"電気機器\"\n",
    );
    for (name, contents) in files {
        dir.write(name, contents);
        toml += &format!(
            "\n[[company.document]]\npath = \"{name}\"\nkind = \"有価証券報告書\"\nfiscal_year = 2024\n"
        );
    }
    dir.write("corpus-manifest.toml", toml);
    dir
}

fn healthy() -> Vec<(String, Vec<u8>)> {
    let read = |path: &str| std::fs::read(common::root().join(path)).expect("a sample");
    (1..)
        .zip(HEALTHY)
        .map(|(i, path)| (format!("healthy{i}.pdf"), read(path)))
        .collect()
}

/// The tables that a run wrote, by name.
fn tables(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).expect("an output folder").flatten();
    let csv = entries.filter(|e| e.path().extension().is_some_and(|x| x == "csv"));
    csv.map(|e| {
        let name = e.file_name().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(e.path()).expect("a table"))
    })
    .collect()
}

#[test]
fn hostile_documents_get_their_status_and_leave_the_others_alone_at_any_number_of_threads() {
    let hostile = hostile();
    let [first, second] = healthy().try_into().expect("two samples");
    let mut files = vec![first];
    files.extend(
        hostile
            .iter()
            .map(|(name, pdf, ..)| (format!("{name}.pdf"), pdf.clone())),
    );
    files.push(second);
    let dir = corpus(&files);
    let run = |threads: &str| {
        let output = format!("output{threads}");
        let ran = dir.run(&["run", "--quiet", "--threads", threads, "--output", &output]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        tables(&dir.file(&output))
    };
    let one = run("1");
    let documents = rows(&one["documents.csv"]);
    assert_eq!(documents.len(), files.len(), "a row for every document");
    for (row, (name, _, status, _)) in documents[1..].iter().zip(&hostile) {
        assert_eq!(
            (row["path"].as_str(), row["status"].as_str()),
            (&*format!("{name}.pdf"), *status),
            "{row:?}"
        );
    }
    let alone = corpus(&healthy());
    assert_eq!(alone.run(&["run", "--quiet"]).code, 0);
    let alone = rows(&tables(&alone.file("output"))["documents.csv"]);
    assert_eq!(
        [&documents[0], &documents[files.len() - 1]],
        [&alone[0], &alone[1]]
    );
    for threads in ["2", "8"] {
        assert_eq!(run(threads), one, "{threads} threads");
    }
}

#[test]
fn the_text_of_a_hostile_document_is_read_where_there_is_any() {
    let dir = Dir::new();
    for (name, pdf, status, readable) in hostile() {
        dir.write("hostile.pdf", pdf);
        let ran = dir.run(&["extract", "hostile.pdf"]);
        assert_eq!(ran.stdout.contains(SENTENCE), readable, "{name}: {}", ran.stderr);
        assert_eq!(ran.code, i32::from(status != "ok"), "{name}: {}", ran.stderr);
    }
}

#[test]
fn a_document_that_takes_too_long_keeps_the_pages_read_before() {
    let dir = Dir::new();
    dir.write("endless.pdf", endless());
    let ran = dir.run(&["extract", "--timeout", "1", "endless.pdf"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("timeout: the reader ran out of time on page"),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.starts_with(SENTENCE), "the first page is kept");
    assert_eq!(
        ran.stdout.matches('\u{c}').count(),
        4_001,
        "every page has its place"
    );
}

#[test]
fn a_document_that_takes_too_much_memory_says_so() {
    let mut bomb = Pdf::of_page(SHOW.as_bytes(), "");
    bomb.object(2, "<</Type/Pages/Count 2/Kids[3 0 R 6 0 R]>>");
    bomb.object(6, page("7 0 R", ""));
    bomb.packed(7, &b"(x) Tj ".repeat(9 << 20));
    let dir = Dir::new();
    dir.write("bomb.pdf", bomb.bytes());
    let ran = dir.run(&["extract", "--memory-limit", "256M", "bomb.pdf"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("out-of-memory: "), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("ran out of memory on page 2"),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.starts_with(SENTENCE), "the first page is kept");
}

/// A mieruka that is at work on an endless document, and the worker that reads it.
fn at_work(dir: &Dir, args: &[&str]) -> (Child, Pid) {
    let child = Command::new(env!("CARGO_BIN_EXE_mieruka"))
        .args(args)
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("mieruka starts");
    let worker = wait_for(|| workers_of(&child).into_iter().find(|w| cpu_ticks(*w) > Some(150)));
    (child, worker)
}

fn wait_for<T>(mut find: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(30) {
        if let Some(found) = find() {
            return found;
        }
        sleep(Duration::from_millis(20));
    }
    panic!("it does not happen");
}

/// The fields of `/proc/PID/stat` from the state on; none for a process that is dead.
fn stat(process: Pid) -> Option<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(") ")?;
    let fields: Vec<String> = after_name.split(' ').map(str::to_owned).collect();
    (fields.first()? != "Z").then_some(fields)
}

fn workers_of(parent: &Child) -> Vec<Pid> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|p| p.file_name().to_str()?.parse().ok().map(Pid::from_raw));
    pids.filter(|pid| stat(*pid).is_some_and(|fields| fields.get(1) == Some(&parent.id().to_string())))
        .collect()
}

/// Processor time of a running process in hundredths of a second.
fn cpu_ticks(process: Pid) -> Option<u64> {
    let fields = stat(process)?;
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

fn is_gone(process: Pid) -> bool {
    cpu_ticks(process).is_none()
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_worker_is_a_crash_and_the_pages_finished_are_kept() {
    let dir = Dir::new();
    dir.write("endless.pdf", endless());
    let (mut child, worker) = at_work(&dir, &["extract", "endless.pdf"]);
    kill(worker, Signal::SIGKILL).expect("the worker is there");
    // The second try is killed as well: once might have been the system's doing.
    let again = wait_for(|| {
        workers_of(&child)
            .into_iter()
            .find(|w| *w != worker && !is_gone(*w))
    });
    kill(again, Signal::SIGKILL).expect("the second worker is there");
    let mut out = child.stdout.take().expect("a pipe");
    let reading = std::thread::spawn(move || std::io::read_to_string(&mut out));
    let said = std::io::read_to_string(child.stderr.take().expect("a pipe")).expect("UTF-8");
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    assert!(
        said.contains("crashed: the reader crashed (SIGKILL) on page "),
        "{said}"
    );
    let text = reading.join().expect("no panic").expect("UTF-8");
    assert!(text.starts_with(SENTENCE), "the first page is kept");
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_the_run_and_keeps_what_is_finished() {
    let mut files = healthy();
    files.push(("endless.pdf".to_owned(), endless()));
    let dir = corpus(&files);
    let (mut child, worker) = at_work(&dir, &["run", "--quiet", "--threads", "1"]);
    // So much of its time goes to the endless document alone.
    wait_for(|| cpu_ticks(worker).filter(|ticks| *ticks > 200));
    let begun = Instant::now();
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).expect("it runs");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert!(begun.elapsed() < A_HANG, "{:?}", begun.elapsed());
    assert!(is_gone(worker), "no stray process");
    let documents = rows(&dir.read("output/documents.csv"));
    let statuses: Vec<&str> = documents.iter().map(|d| d["status"].as_str()).collect();
    assert_eq!(statuses, ["ok", "ok", "interrupted"]);
    assert!(dir.read("output/run.json").contains("\"interrupted\": true"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_worker_whose_parent_is_gone_ends() {
    let dir = Dir::new();
    dir.write("endless.pdf", endless());
    let (mut child, worker) = at_work(&dir, &["extract", "endless.pdf"]);
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    wait_for(|| is_gone(worker).then_some(()));
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_run_does_not_take_the_place_of_a_whole_one() {
    let mut files = healthy();
    let dir = corpus(&files);
    assert_eq!(dir.run(&["run", "--quiet"]).code, 0);
    let whole = tables(&dir.file("output"));
    files.push(("endless.pdf".to_owned(), endless()));
    let again = corpus(&files);
    let output = dir.file("output").display().to_string();
    let (mut child, _) = at_work(&again, &["run", "--quiet", "--output", &output]);
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).expect("it runs");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let half =
        std::fs::read_to_string(dir.file("output/interrupted/documents.csv")).expect("what is finished");
    assert_eq!(rows(&half).len(), files.len());
    std::fs::remove_dir_all(dir.file("output/interrupted")).expect("it is there");
    assert_eq!(tables(&dir.file("output")), whole, "the whole run is untouched");
}
