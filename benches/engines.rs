//! Extraction in worker processes against extraction in this process, and against other programs, side by side.
//!
//! usage: `cargo bench --bench engines -- FOLDER… [--least PAGES] [--rounds N]`
//!
//! Reads the PDFs of the folders that have at least PAGES pages (default 20: shorter files measure the start of a
//! process), again and again until 8,000 pages are read (a worker is started once for a whole corpus, and of two workers
//! one waits for the other's last document only once), each contender in turn, N rounds (default 5), and prints the
//! best round of each: its processor time (user and system, this process and every child) and its wall clock. On a busy
//! machine only the first is worth comparing.
//! All but "two workers" are held on one core, with their children (Linux; elsewhere they go where the system puts
//! them): a worker that has a second core to itself slows where two cores share their hardware, which is not what
//! isolation costs. That, and what a second worker gains, are measured by themselves, one way and the other in quick
//! turns: rounds of seconds differ by more. `pdftotext`, `mutool` and `python3` with `pypdfium2` are looked up in PATH
//! and left out when absent. Memory is the sum of parent and workers at its highest, Linux only.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mieruka::extract::{Extraction, extract_file};
use mieruka::layout::page_text;
use mieruka::worker::{Limits, Pool};
use nix::sys::resource::{UsageWho, getrusage};

const PDFIUM: &str = "import sys, pypdfium2
for path in sys.argv[1:]:
    for page in pypdfium2.PdfDocument(path):
        text = page.get_textpage()
        sys.stdout.write(text.get_text_range() + '\\f')";

/// Pages that each contender reads in a round, at least.
const ENOUGH: usize = 8000;

struct Options {
    folders: Vec<PathBuf>,
    least: usize,
    rounds: usize,
}

fn options() -> Options {
    let mut options = Options {
        folders: Vec::new(),
        least: 20,
        rounds: 5,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|n| n.parse().ok()).expect("a number");
        match argument.as_str() {
            "--least" => options.least = number(),
            "--rounds" => options.rounds = number(),
            // Cargo's own.
            "--bench" => {}
            folder => options.folders.push(folder.into()),
        }
    }
    if options.folders.is_empty() {
        options.folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")];
        options.least = 1;
    }
    options
}

fn pdfs(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            pdfs(&path, found);
        } else if path.extension().is_some_and(|e| e == "pdf") {
            found.push(path);
        }
    }
}

/// Processor time so far: of this process and of the children that have ended.
fn processor_time() -> Duration {
    [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN]
        .into_iter()
        .filter_map(|who| getrusage(who).ok())
        .flat_map(|usage| [usage.user_time(), usage.system_time()])
        .map(|t| Duration::new(t.tv_sec() as u64, t.tv_usec() as u32 * 1000))
        .sum()
}

/// Every document by some threads, each taking the next; `read` makes an extraction, whose text is counted.
fn by_threads(threads: usize, files: &[PathBuf], text: bool, read: impl Fn(&Path) -> Extraction + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let work = || {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let extraction = read(file);
                    if text {
                        std::hint::black_box(extraction.pages.iter().map(page_text).collect::<String>());
                    }
                    std::hint::black_box(extraction);
                }
            };
            std::thread::Builder::new()
                .stack_size(64 << 20)
                .spawn_scoped(scope, work)
                .expect("a thread");
        }
    });
}

fn pool() -> Pool {
    Pool::of_program(env!("CARGO_BIN_EXE_mieruka").into(), Limits::default())
}

fn quiet(command: &mut Command) {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    // What it cannot read is its loss; the time counts.
    let _ = std::hint::black_box(status);
}

fn is_there(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
        .status()
        .is_ok_and(|status| status.success() || program != "python3")
}

#[derive(Clone, Copy)]
enum Cores {
    One,
    All,
}

impl Cores {
    #[cfg(target_os = "linux")]
    fn run(self, work: &dyn Fn()) {
        use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
        use nix::unistd::Pid;
        // Of the thread; threads and processes that it starts inherit them.
        let this = Pid::from_raw(0);
        let all = sched_getaffinity(this).expect("the cores of this process");
        if let Self::One = self {
            let mut one = CpuSet::new();
            let last = (0..CpuSet::count()).rfind(|core| all.is_set(*core) == Ok(true));
            one.set(last.expect("a core")).expect("a core of the machine");
            sched_setaffinity(this, &one).expect("a core of this process");
        }
        work();
        sched_setaffinity(this, &all).expect("the cores it had");
    }

    #[cfg(not(target_os = "linux"))]
    fn run(self, work: &dyn Fn()) {
        work();
    }
}

type Contender<'a> = (&'static str, Cores, Box<dyn Fn() + 'a>);

fn contenders(files: &[PathBuf]) -> Vec<Contender<'_>> {
    let mut all: Vec<Contender> = vec![
        (
            "in this process",
            Cores::One,
            Box::new(|| by_threads(1, files, false, extract_file)),
        ),
        (
            "in a worker",
            Cores::One,
            Box::new(|| {
                let pool = pool();
                by_threads(1, files, false, |f| pool.extract(f));
            }),
        ),
        (
            "in a worker, text",
            Cores::One,
            Box::new(|| {
                let pool = pool();
                by_threads(1, files, true, |f| pool.extract(f));
            }),
        ),
        (
            "in two workers, text",
            Cores::All,
            Box::new(|| {
                let pool = pool();
                by_threads(2, files, true, |f| pool.extract(f));
            }),
        ),
    ];
    if is_there("pdftotext", &["-v"]) {
        let each = move || {
            for file in files {
                quiet(Command::new("pdftotext").arg(file).arg("-"));
            }
        };
        all.push(("pdftotext", Cores::One, Box::new(each)));
    }
    if is_there("mutool", &["-v"]) {
        let each = move || {
            for file in files {
                quiet(Command::new("mutool").args(["draw", "-q", "-F", "txt"]).arg(file));
            }
        };
        all.push(("mutool draw -F txt", Cores::One, Box::new(each)));
    }
    if is_there("python3", &["-c", "import pypdfium2"]) {
        let each = move || quiet(Command::new("python3").args(["-c", PDFIUM]).args(files));
        all.push(("pypdfium2", Cores::One, Box::new(each)));
    }
    all
}

/// Resident memory of this process and its children, in bytes.
#[cfg(target_os = "linux")]
fn resident() -> u64 {
    let of = |pid: &str| -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
        line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok())
            .unwrap_or(0)
            * 1024
    };
    let tasks = std::fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let children: Vec<String> = tasks
        .filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok())
        .flat_map(|list| list.split_whitespace().map(String::from).collect::<Vec<_>>())
        .collect();
    of("self") + children.iter().map(|child| of(child)).sum::<u64>()
}

#[cfg(not(target_os = "linux"))]
fn resident() -> u64 {
    0
}

/// The highest resident memory of parent and two workers.
fn highest_memory(files: &[PathBuf]) -> u64 {
    let (pool, done, highest) = (pool(), AtomicUsize::new(0), Mutex::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while done.load(Ordering::Relaxed) == 0 {
                let now = resident();
                let mut highest = highest.lock().expect("no panic");
                *highest = now.max(*highest);
                drop(highest);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        by_threads(2, files, true, |f| pool.extract(f));
        done.store(1, Ordering::Relaxed);
    });
    highest.into_inner().expect("no panic")
}

/// Wall clock of reading every file in a worker, against in this process, on one core. The two take turns at every file.
fn cost_of_isolation(files: &[PathBuf]) -> f64 {
    let pool = pool();
    let spent = Mutex::new([Duration::ZERO; 2]);
    let turn = |index: usize, file: &Path| {
        let begun = Instant::now();
        let pages = match index {
            0 => extract_file(file),
            _ => pool.extract(file),
        };
        std::hint::black_box(pages);
        if let Some(sum) = spent.lock().expect("no panic").get_mut(index) {
            *sum += begun.elapsed();
        }
    };
    let all = || {
        for (number, file) in files.iter().enumerate() {
            turn(number % 2, file);
            turn(1 - number % 2, file);
        }
    };
    Cores::One.run(&|| {
        std::thread::scope(|scope| {
            let reader = std::thread::Builder::new().stack_size(64 << 20);
            reader.spawn_scoped(scope, all).expect("a thread");
        });
    });
    let [here, there] = spent.into_inner().expect("no panic");
    there.as_secs_f64() / here.as_secs_f64()
}

/// How many times as fast two workers on all cores read the files as one on one core: the median of six pairs.
fn gain_of_two_workers(files: &[PathBuf]) -> f64 {
    let (one, two) = (pool(), pool());
    let timed = |cores: Cores, threads: usize, pool: &Pool| {
        let begun = Instant::now();
        cores.run(&|| by_threads(threads, files, true, |f| pool.extract(f)));
        begun.elapsed().as_secs_f64()
    };
    // The workers are started in the first pair.
    let pair = |_| timed(Cores::One, 1, &one) / timed(Cores::All, 2, &two);
    let mut gains: Vec<f64> = (0..7).map(pair).skip(1).collect();
    gains.sort_by(f64::total_cmp);
    gains.get(2..4).expect("six pairs").iter().sum::<f64>() / 2.0
}

fn main() {
    let options = options();
    let mut files = Vec::new();
    options.folders.iter().for_each(|folder| pdfs(folder, &mut files));
    files.sort();
    files.retain(|file| extract_file(file).pages.len() >= options.least);
    let pages: usize = files.iter().map(|file| extract_file(file).pages.len()).sum();
    // A worker is started once for a whole run: reading too little would measure its start.
    let times = ENOUGH.div_ceil(pages.max(1));
    println!(
        "{} files, {pages} pages, {times} times, best of {} rounds",
        files.len(),
        options.rounds
    );
    let files: Vec<PathBuf> = (0..times).flat_map(|_| files.iter().cloned()).collect();
    let pages = pages * times;
    // Before the others: what they leave resident is not the pool's.
    let memory = highest_memory(&files);
    let (isolation, gain) = (cost_of_isolation(&files), gain_of_two_workers(&files));
    let contenders = contenders(&files);
    let mut best = vec![(Duration::MAX, Duration::MAX); contenders.len()];
    for _ in 0..options.rounds {
        for ((_, cores, run), best) in contenders.iter().zip(&mut best) {
            let (cpu, wall) = (processor_time(), Instant::now());
            cores.run(run);
            let spent = (processor_time() - cpu, wall.elapsed());
            *best = (best.0.min(spent.0), best.1.min(spent.1));
        }
    }
    let base = best.get(2).expect("in a worker, text").0.as_secs_f64();
    println!(
        "{:22} {:>8} {:>8} {:>8} {:>8}",
        "", "CPU s", "wall s", "pages/s", "ratio"
    );
    for ((name, ..), (cpu, wall)) in contenders.iter().zip(&best) {
        let cpu = cpu.as_secs_f64();
        println!(
            "{name:22} {cpu:8.3} {:8.3} {:8.0} {:8.2}",
            wall.as_secs_f64(),
            pages as f64 / cpu,
            cpu / base
        );
    }
    println!(
        "isolation costs {:+.1} % on one core; two workers on all cores are {:.2} times one on one core",
        (isolation - 1.0) * 100.0,
        gain,
    );
    println!("parent and two workers at most {} MB", memory >> 20);
}
