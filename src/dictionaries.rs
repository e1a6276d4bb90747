//! Where the files of `dictionaries/` are found: `--dictionaries DIR`, else a folder beside the manifest, else the copy
//! embedded in the binary, one by one.

use std::path::{Path, PathBuf};

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        /// Every file that is embedded, by its path below `dictionaries/`.
        const EMBEDDED: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../dictionaries/", $name)))),*
        ];
    };
}

embedded! {
    "terms.csv",
    "facts.toml",
    "quality.toml",
    "schemes/disclosure10.toml",
    "schemes/disclosure10.crosswalks.toml",
    "schemes/quality.toml",
    "schemes/disclosure10.weights.csv",
    "classifications/nikkei.toml",
    "classifications/tse33.toml",
    "classifications/kinds.toml",
    "classifications/frames.toml",
}

/// A file of `dictionaries/` as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DictionaryFile {
    /// Path below `dictionaries/`, with `/`.
    pub name: String,
    /// Where it was read from; `None` for the embedded copy.
    pub path: Option<PathBuf>,
    /// Its text.
    pub text: String,
}

/// Finds the files of `dictionaries/`.
#[derive(Debug, Clone, Default)]
pub struct Dictionaries {
    folders: Vec<PathBuf>,
}

impl Dictionaries {
    /// Only the copies embedded in the binary.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// Looks first in `explicit` (from `--dictionaries`), or else in the folder `dictionaries/` in `beside`: where the manifest
    /// lies, or the current folder for commands that read none.
    pub fn locate(explicit: Option<&Path>, beside: &Path) -> Self {
        let folder = explicit.map_or_else(|| beside.join("dictionaries"), Path::to_owned);
        Self {
            folders: vec![folder],
        }
    }

    /// Reads a file by its name below `dictionaries/`, e.g. `schemes/disclosure10.toml`.
    ///
    /// # Errors
    /// The file is in a folder but cannot be read, or it is nowhere.
    pub fn read(&self, name: &str) -> std::io::Result<DictionaryFile> {
        for folder in &self.folders {
            let path = folder.join(name);
            if path.is_file() {
                let text = std::fs::read_to_string(&path)?;
                return Ok(DictionaryFile {
                    name: name.to_owned(),
                    path: Some(path),
                    text,
                });
            }
        }
        match EMBEDDED.iter().find(|(n, _)| *n == name) {
            Some((_, text)) => Ok(DictionaryFile {
                name: name.to_owned(),
                path: None,
                text: (*text).to_owned(),
            }),
            None => Err(std::io::Error::new(
                std::io::ErrorKind::NotFound,
                format!("dictionaries/{name}: not found, and no copy is embedded"),
            )),
        }
    }
}
