//! What several commands share: reading lines, loading scheme and dictionaries, writing to a pipe.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};

use super::args::DictionaryArgs;
use super::say::say;
use crate::coding::Coder;
use crate::dictionaries::{Dictionaries, DictionaryFile};
use crate::export::outbox::Staged;
use crate::extract::{DocumentStatus, Extraction};
use crate::facts::FactFinder;
use crate::provenance::Sources;
use crate::quality::Quality;
use crate::scheme::Scheme;
use crate::tables::{CodeLabel, Crosswalk, FacetLabel, read_crosswalks};
use crate::tokenize::Tokenizer;

/// The scheme used where neither the command line nor the manifest names one.
pub const DEFAULT_SCHEME: &str = "disclosure10";

/// Opens a file for reading lines; `-` is standard input.
pub fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let file = File::open(path).with_context(|| format!("{}: cannot be opened", path.display()))?;
    Ok(Box::new(BufReader::new(file)))
}

/// The reader of our standard output went away (`mieruka extract a.pdf | head`): not a failure.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|e| e.io_error_kind() == Some(std::io::ErrorKind::BrokenPipe))
    })
}

/// Refuses to write a file over one that the command reads.
pub fn not_over<'f>(place: &Path, read: impl IntoIterator<Item = &'f Path>) -> Result<()> {
    let known = |file: &Path| file.canonicalize().ok();
    // What is not there yet is nobody's.
    let there = known(place);
    anyhow::ensure!(
        there.is_none() || read.into_iter().all(|file| known(file) != there),
        "{}: this file is read by the command and would be replaced: name another",
        place.display()
    );
    Ok(())
}

/// Writes a file beside its place and moves it there.
pub fn write_file(place: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let name = place
        .file_name()
        .with_context(|| format!("{}: this is no name of a file", place.display()))?;
    let folder = place.parent().filter(|p| !p.as_os_str().is_empty());
    let mut file = Staged::create(folder.unwrap_or(Path::new(".")), name)?;
    write(&mut file).with_context(|| format!("{}: cannot be written", place.display()))?;
    Ok(file.commit()?)
}

/// Whether a file named on the command line was read whole; if not, standard error says why.
pub fn told_as_read(path: &Path, extraction: &Extraction) -> bool {
    let read = extraction.status == DocumentStatus::Ok;
    if !read {
        say(format_args!(
            "error: {}: {}: {}",
            path.display(),
            extraction.status,
            extraction.reason
        ));
    }
    read
}

/// Finds the scheme file: a path if it looks like one, else a name below `schemes/`.
fn scheme_file(dictionaries: &Dictionaries, scheme: &str, base: Option<&Path>) -> Result<DictionaryFile> {
    let looks_like_a_path = scheme.ends_with(".toml") || scheme.contains(['/', '\\']);
    if !looks_like_a_path {
        let name = format!("schemes/{scheme}.toml");
        return dictionaries.read(&name).with_context(|| {
            format!("scheme \"{scheme}\": name one of dictionaries/schemes, or a .toml file")
        });
    }
    let path = match base {
        Some(dir) => dir.join(scheme),
        None => PathBuf::from(scheme),
    };
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{}: the scheme cannot be read", path.display()))?;
    Ok(DictionaryFile {
        name: scheme.to_owned(),
        path: Some(path),
        text,
    })
}

/// What a command codes with.
pub struct Loaded {
    /// The compiled scheme with its tokenizer.
    pub coder: Coder,
    /// The codes of the scheme in its order.
    pub codes: Vec<CodeLabel>,
    /// The facets of the scheme below its codes.
    pub facets: Vec<FacetLabel>,
    /// Other frames that the codes and facets make.
    pub crosswalks: Vec<Crosswalk>,
    /// What was read, for `run.json`.
    pub sources: Sources,
}

/// Loads dictionaries and scheme.
///
/// # Arguments
/// * `args` - what the command line says.
/// * `manifest` - folder and scheme of the manifest, where the command has one.
pub fn load_coder(
    args: &DictionaryArgs,
    dictionaries: &Dictionaries,
    manifest: Option<(&Path, Option<&str>)>,
) -> Result<Loaded> {
    // A scheme of the command line is relative to the current folder, one of the manifest to the manifest.
    let scheme = match (&args.scheme, manifest) {
        (Some(name), _) => scheme_file(dictionaries, name, None)?,
        (None, Some((dir, Some(name)))) => scheme_file(dictionaries, name, Some(dir))?,
        (None, _) => scheme_file(dictionaries, DEFAULT_SCHEME, None)?,
    };
    let terms = dictionaries.read("terms.csv")?;
    let file = shown(&scheme);
    let lists = Mutex::new(Vec::new());
    let read = |name: &str| {
        let list = beside(&scheme, dictionaries, name)?;
        let text = list.text.clone();
        if let Ok(mut lists) = lists.lock() {
            lists.push(list);
        }
        Ok(text)
    };
    let compiled = Scheme::parse(&scheme.text, &file, &read)?;
    let tokenizer = Tokenizer::new(&terms.text, &terms.name)?;
    let codes = compiled
        .codes
        .iter()
        .map(|c| CodeLabel {
            id: c.id.clone(),
            ja: c.ja.clone(),
            en: c.en.clone(),
        })
        .collect();
    let facets = facets(&compiled);
    let crosswalks_file = match beside(&scheme, dictionaries, &format!("{}.crosswalks.toml", compiled.id)) {
        Ok(found) => Some(found),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
        Err(e) => return Err(e).context("the crosswalks of the scheme cannot be read"),
    };
    let crosswalks = match &crosswalks_file {
        Some(found) => read_crosswalks(&found.text, &shown(found), &names(&compiled))?,
        None => Vec::new(),
    };
    let mut files = vec![scheme, terms];
    files.extend(crosswalks_file);
    files.extend(lists.into_inner().unwrap_or_default());
    let coder = Coder::new(Arc::new(compiled), tokenizer);
    Ok(Loaded {
        coder,
        codes,
        facets,
        crosswalks,
        sources: Sources::new(files),
    })
}

/// Compiles a scheme, named or as a file, with how it is shown.
pub fn load_scheme(dictionaries: &Dictionaries, name: &str) -> Result<(String, Scheme)> {
    let file = scheme_file(dictionaries, name, None)?;
    let compiled = Scheme::parse(&file.text, &shown(&file), &|list| {
        Ok(beside(&file, dictionaries, list)?.text)
    })?;
    Ok((shown(&file), compiled))
}

/// What a run finds besides codes.
pub struct Findings {
    /// Finds facts.
    pub facts: FactFinder,
    /// Finds the elements of the five qualities.
    pub quality: Quality,
    /// What was read, for `run.json`.
    pub sources: Sources,
}

/// The lists of facts and of elements of the five qualities, compiled; a tokenizer is still missing.
pub struct FindingLists {
    facts: FactFinder,
    elements: DictionaryFile,
    scheme: Scheme,
    sources: Sources,
}

impl FindingLists {
    fn load(dictionaries: &Dictionaries) -> Result<Self> {
        let facts = dictionaries.read("facts.toml")?;
        let elements = dictionaries.read("quality.toml")?;
        let scheme = dictionaries.read("schemes/quality.toml")?;
        let finder = FactFinder::new(&facts.text, &shown(&facts));
        let compiled = Scheme::parse(&scheme.text, &shown(&scheme), &|name| {
            Ok(beside(&scheme, dictionaries, name)?.text)
        });
        // Everything wrong at once: a mistake in one file does not hide those of the others.
        let (finder, compiled) = match (finder, compiled) {
            (Ok(finder), Ok(compiled)) => (finder, compiled),
            (Err(facts), Err(quality)) => anyhow::bail!("{facts}\n{quality}"),
            (Err(facts), Ok(_)) => return Err(facts.into()),
            (Ok(_), Err(quality)) => return Err(quality.into()),
        };
        Ok(Self {
            facts: finder,
            scheme: compiled,
            sources: Sources::new([facts, elements.clone(), scheme]),
            elements,
        })
    }

    /// Ready to find, with the tokenizer of a coder.
    pub fn ready(self, coder: &Coder) -> Result<Findings> {
        let file = shown(&self.elements);
        let tokenizer = coder.tokenizer().clone();
        Ok(Findings {
            facts: self.facts,
            quality: Quality::new(&self.elements.text, &file, self.scheme, tokenizer)?,
            sources: self.sources,
        })
    }
}

/// Loads all that a run looks for, side by side: compiling is most of the time until the first page is read.
pub fn load(
    args: &DictionaryArgs,
    dictionaries: &Dictionaries,
    manifest: Option<(&Path, Option<&str>)>,
) -> (Result<Loaded>, Result<FindingLists>) {
    rayon::join(
        || load_coder(args, dictionaries, manifest),
        || FindingLists::load(dictionaries),
    )
}

/// How errors name a file.
fn shown(file: &DictionaryFile) -> String {
    file.path
        .as_ref()
        .map_or_else(|| file.name.clone(), |p| p.display().to_string())
}

/// A file that belongs to a scheme lies beside it, wherever that was found; else the embedded copy serves.
fn beside(
    scheme: &DictionaryFile,
    dictionaries: &Dictionaries,
    name: &str,
) -> std::io::Result<DictionaryFile> {
    match scheme
        .path
        .as_deref()
        .and_then(Path::parent)
        .map(|dir| dir.join(name))
    {
        Some(path) if path.is_file() => {
            let text = std::fs::read_to_string(&path)?;
            Ok(DictionaryFile {
                name: name.to_owned(),
                path: Some(path),
                text,
            })
        }
        _ => dictionaries.read(&format!("schemes/{name}")),
    }
}

/// Every code and facet of a scheme, as passages carry them.
fn names(scheme: &Scheme) -> BTreeSet<String> {
    let facets = facets(scheme).into_iter().map(|facet| facet.label.id);
    scheme.codes.iter().map(|c| c.id.clone()).chain(facets).collect()
}

/// The facets of a scheme in the order of its codes.
fn facets(scheme: &Scheme) -> Vec<FacetLabel> {
    let below = scheme
        .codes
        .iter()
        .flat_map(|code| code.facets.iter().map(move |facet| (code, facet)));
    below
        .map(|(code, facet)| FacetLabel {
            code: code.id.clone(),
            label: CodeLabel {
                id: format!("{}.{}", code.id, facet.id),
                ja: facet.ja.clone(),
                en: facet.en.clone(),
            },
        })
        .collect()
}
