//! What may be said on the command line, and the help that teaches it.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::worker::Limits;

/// 見える化: finds, codes and counts what company reports say about cybersecurity.
#[derive(Debug, Parser)]
#[command(
    name = "mieruka",
    version,
    about = "見える化: finds, codes and counts what company reports say about cybersecurity",
    long_about = "見える化 — reads a corpus of Japanese company reports (PDF), finds every passage about cybersecurity, codes it \
into the ten disclosure categories of the 2019 手引き, and writes the comparison tables per company and per industry.\n\n\
Without a command, mieruka does `mieruka run`: it reads corpus-manifest.toml in the current folder and writes output/.",
    after_long_help = "A first corpus in three steps:\n  \
mieruka init reports/ > corpus-manifest.toml   # a first manifest from a folder of PDFs; guesses are marked\n  \
mieruka check                                  # everything wrong at once\n  \
mieruka                                        # output/company_table.csv, output/industry_table.csv, …\n\n\
Exit codes: 0 done; 1 finished, but some documents could not be read (documents.csv says which and why);\n\
2 wrong usage, manifest or scheme, nothing written; 130 interrupted, what was finished is kept.",
    args_conflicts_with_subcommands = true
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub run: RunArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole job: PDFs in, tables out (what mieruka does without a command)
    Run(RunArgs),
    /// Write a first manifest from a folder of PDFs; what was guessed is marked
    Init(InitArgs),
    /// Read manifest, scheme and dictionaries, look at every PDF, report everything wrong at once
    Check(CheckArgs),
    /// Print the text of PDFs page by page, in reading order, headers and footers included
    Extract(ExtractArgs),
    /// Print the passages of PDFs as JSONL: the input of `mieruka code`
    Passages(PassagesArgs),
    /// Code passages (JSONL with `id`, `text`; optional `headings`, `previous`)
    Code(CodeArgs),
    /// Why passages get the codes they get: rules that fired, were forbidden, or lacked one part
    Explain(ExplainArgs),
    /// Work on coding schemes: check one, make one of KH Coder rules, learn weights from gold
    #[command(subcommand)]
    Scheme(SchemeCommand),
    /// Agreement: machine against gold, or two coders' files
    Evaluate(EvaluateArgs),
    /// Read documents for another mieruka, on request over a pipe
    #[command(hide = true)]
    Worker(WorkerArgs),
}

/// `mieruka scheme train`
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// Gold files (JSONL with `company_id`); `-` is standard input
    #[arg(required = true, value_name = "GOLD")]
    pub gold: Vec<PathBuf>,
    #[command(flatten)]
    pub dictionaries: DictionaryArgs,
    /// Write the weights here instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How many features to keep, the weightiest
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub features: usize,
}

/// `mieruka worker`
#[derive(Debug, Args)]
pub struct WorkerArgs {
    /// Address space in bytes
    #[arg(long, value_name = "BYTES")]
    pub memory_limit: Option<u64>,
}

/// Which dictionaries and scheme.
#[derive(Debug, Args)]
pub struct DictionaryArgs {
    /// Coding scheme: a name under dictionaries/schemes, or a file [default: the manifest's, else disclosure10]
    #[arg(long, value_name = "NAME|FILE")]
    pub scheme: Option<String>,
    /// Folder of dictionaries to use before the embedded ones [default: dictionaries/ beside the manifest, or in the current folder where no manifest is read, if there]
    #[arg(long, value_name = "DIR", value_parser = folder)]
    pub dictionaries: Option<PathBuf>,
}

/// What one document may cost.
#[derive(Debug, Clone, Copy, Args)]
pub struct LimitArgs {
    /// Processor seconds that reading one document may take; then its row says timeout and keeps the pages read so far
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
    /// Memory that reading one document may take (512M, 2GiB …; at least 256M); then its row says out-of-memory
    #[arg(long, value_name = "SIZE", default_value = "2GiB", value_parser = memory_size)]
    pub memory_limit: u64,
}

impl Default for LimitArgs {
    fn default() -> Self {
        let Limits { cpu, memory } = Limits::default();
        Self {
            timeout: cpu.as_secs(),
            memory_limit: memory,
        }
    }
}

/// A folder that is there: what is not would leave everything to the embedded copies without a word.
fn folder(path: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(path);
    path.is_dir()
        .then_some(path)
        .ok_or_else(|| "there is no such folder".to_owned())
}

/// Below this a worker can hardly start (the binary with its dictionary is mapped too).
const LEAST_MEMORY: u64 = 256 << 20;

/// `512M`, `2GiB`, `1500000K`, or bytes; a unit is 1024 of the one before, whatever it is called.
fn memory_size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let shift = match text
        .get(digits.len()..)
        .unwrap_or_default()
        .to_ascii_lowercase()
        .trim()
    {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        unit => return Err(format!("{unit} is no unit: write K, M or G, as in 512M or 2GiB")),
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "write a whole number and a unit, as in 512M or 2GiB".to_owned())?;
    match number.checked_mul(1 << shift) {
        Some(bytes) if bytes >= LEAST_MEMORY => Ok(bytes),
        Some(_) => Err("no document can be read in less than 256M".to_owned()),
        None => Err("that is more memory than can be counted".to_owned()),
    }
}

/// `mieruka run`
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The corpus manifest
    #[arg(long, value_name = "FILE", default_value = "corpus-manifest.toml")]
    pub manifest: PathBuf,
    /// Folder for the tables [default: output/ beside the manifest]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Threads [default: one per core]; any number gives the same bytes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub dictionaries: DictionaryArgs,
    #[command(flatten)]
    pub limits: LimitArgs,
    /// A document that is not on disk becomes a row with status missing instead of an error
    #[arg(long)]
    pub allow_missing: bool,
    /// Formats of the output; CSV is always written; html adds report.html with figures/, xlsx mieruka.xlsx with a
    /// sheet per table, parquet typed files for software
    #[arg(long, value_enum, value_delimiter = ',', default_value = "csv,html")]
    pub format: Vec<TableFormat>,
    /// Leave rates blank for groups of fewer than N companies; their counts stay
    #[arg(long, value_name = "N")]
    pub suppress_below: Option<u64>,
    /// Language of the report and of the column headings [default: the report in Japanese, English ids as headings]
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
    /// Measure the machine against a gold file (JSONL); the report's methods tell the agreement
    #[arg(long, value_name = "FILE")]
    pub gold: Vec<PathBuf>,
    /// Open the report when it is written
    #[arg(long)]
    pub open: bool,
    /// CSV without the byte order mark that Excel needs
    #[arg(long)]
    pub no_bom: bool,
    /// No progress and no summary
    #[arg(long)]
    pub quiet: bool,
}

/// A format of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// A file per table
    Csv,
    /// A workbook
    Xlsx,
    /// A typed file per table, for software
    Parquet,
    /// A page for people, and its pictures
    Html,
}

/// Language of the report and of column headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Japanese
    Ja,
    /// English; English ids as headings, for software
    En,
}

/// `mieruka init`
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Folder with PDFs, searched through all its subfolders
    pub dir: PathBuf,
    /// CSV list of companies (code, name, industry …) to take names and industries from
    #[arg(long, value_name = "CSV")]
    pub companies: Option<PathBuf>,
    /// Write here instead of standard output; never replaces a file
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Folder of dictionaries to use before the embedded ones
    #[arg(long, value_name = "DIR", value_parser = folder)]
    pub dictionaries: Option<PathBuf>,
}

/// `mieruka check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The corpus manifest
    #[arg(long, value_name = "FILE", default_value = "corpus-manifest.toml")]
    pub manifest: PathBuf,
    #[command(flatten)]
    pub dictionaries: DictionaryArgs,
    /// A document that is not on disk is no error
    #[arg(long)]
    pub allow_missing: bool,
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// How `extract` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExtractFormat {
    /// Plain text, a form feed between pages
    Text,
    /// One JSON object a page
    Jsonl,
}

/// A PDF is read from its end and in worker processes, which are given its path: it cannot come through a pipe.
fn pdf_path(path: PathBuf) -> Result<PathBuf, String> {
    if path.as_os_str() == "-" {
        return Err("a PDF cannot be read from standard input: save it and name the file".to_owned());
    }
    Ok(path)
}

/// `mieruka extract`
#[derive(Debug, Args)]
pub struct ExtractArgs {
    /// text, or jsonl: {"file","page","status","engine","text"} a page
    #[arg(long, value_enum, default_value_t = ExtractFormat::Text)]
    pub format: ExtractFormat,
    #[command(flatten)]
    pub limits: LimitArgs,
    /// PDFs
    #[arg(required = true, value_name = "FILE", value_parser = PathBufValueParser::new().try_map(pdf_path))]
    pub files: Vec<PathBuf>,
}

/// `mieruka passages`
#[derive(Debug, Args)]
pub struct PassagesArgs {
    #[command(flatten)]
    pub limits: LimitArgs,
    /// PDFs
    #[arg(required = true, value_name = "FILE", value_parser = PathBufValueParser::new().try_map(pdf_path))]
    pub files: Vec<PathBuf>,
}

/// `mieruka code`
#[derive(Debug, Args)]
pub struct CodeArgs {
    #[command(flatten)]
    pub dictionaries: DictionaryArgs,
    /// Passages as JSONL; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// `mieruka explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    pub dictionaries: DictionaryArgs,
    /// A text, or a file of passages as JSONL; `-` is standard input
    #[arg(value_name = "TEXT|FILE")]
    pub what: String,
}

/// `mieruka scheme`
#[derive(Debug, Subcommand)]
pub enum SchemeCommand {
    /// Report every mistake in a scheme, with lines; exit code 2 if there is any
    Check(SchemeCheckArgs),
    /// Print a scheme made of a KH Coder coding rule file; what it cannot say is told with its line
    Import(SchemeImportArgs),
    /// Learn weights from coded passages: a CSV file that the scheme names as `weights`
    Train(TrainArgs),
}

/// `mieruka scheme check`
#[derive(Debug, Args)]
pub struct SchemeCheckArgs {
    /// A scheme: a .toml file, or a name under dictionaries/schemes
    #[arg(value_name = "FILE|NAME")]
    pub scheme: String,
    /// Folder of dictionaries to use before the embedded ones
    #[arg(long, value_name = "DIR", value_parser = folder)]
    pub dictionaries: Option<PathBuf>,
}

/// `mieruka scheme import`
#[derive(Debug, Args)]
pub struct SchemeImportArgs {
    /// A KH Coder coding rule file (UTF-8 or Shift_JIS)
    pub file: PathBuf,
    /// Folder of dictionaries to use before the embedded ones
    #[arg(long, value_name = "DIR", value_parser = folder)]
    pub dictionaries: Option<PathBuf>,
}

/// `mieruka evaluate`
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// Gold files (JSONL or CSV); `-` is standard input, as JSONL
    #[arg(required = true, value_name = "GOLD")]
    pub gold: Vec<PathBuf>,
    /// Compare with this coder's file instead of coding by machine; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub against: Vec<PathBuf>,
    #[command(flatten)]
    pub dictionaries: DictionaryArgs,
    /// Figures as JSON
    #[arg(long)]
    pub json: bool,
    /// Write every disagreement as CSV
    #[arg(long, value_name = "FILE")]
    pub disagreements: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("2GiB", 2 << 30),
            ("512M", 512 << 20),
            ("512 mb", 512 << 20),
            ("300000k", 300_000 << 10),
            ("2147483648", 2 << 30),
        ] {
            assert_eq!(memory_size(text), Ok(bytes), "{text}");
        }
        for text in [
            "",
            "G",
            "2 apples",
            "-1G",
            "1K",
            "99999999999999999999",
            "9999999999999T",
            "２G",
        ] {
            assert!(memory_size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_defaults_told_are_those_of_the_library() {
        let cli = Cli::parse_from(["mieruka"]);
        let Limits { cpu, memory } = Limits::default();
        assert_eq!(
            (cli.run.limits.timeout, cli.run.limits.memory_limit),
            (cpu.as_secs(), memory)
        );
    }
}
