//! Paths of documents: kept below the root, found also where the file system spells Japanese names apart.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::problem::nearest;

/// What stands at a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A file, its place on disk, and its place when every symbolic link is followed.
    File { file: PathBuf, canonical: PathBuf },
    /// A folder, a device: no file.
    NoFile,
    /// Nothing; where it would be, and the path that may be meant.
    Missing {
        file: PathBuf,
        suggestion: Option<String>,
    },
    /// A symbolic link leads out of the root, to this place.
    Outside(PathBuf),
}

/// Why a path is refused before the disk is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// `/…`, `C:\…`
    Absolute,
    /// `..`
    Parent,
    /// No name at all: `.`, `/`.
    Empty,
}

/// The folder that the paths of documents are relative to.
pub(crate) struct Root {
    dir: PathBuf,
    canonical: PathBuf,
    /// Names in folders already looked at.
    listings: BTreeMap<PathBuf, Vec<String>>,
}

impl Root {
    /// # Errors
    /// The folder does not exist or cannot be entered.
    pub(crate) fn open(dir: &Path) -> std::io::Result<Self> {
        let canonical = dir.canonicalize()?;
        if !canonical.is_dir() {
            return Err(std::io::Error::new(
                std::io::ErrorKind::NotADirectory,
                "it is not a folder",
            ));
        }
        Ok(Self {
            dir: dir.to_owned(),
            canonical,
            listings: BTreeMap::new(),
        })
    }

    /// Looks a path up, given as [`components`] returns it.
    pub(crate) fn find(&mut self, components: &[String]) -> Found {
        let mut here = self.dir.clone();
        for (depth, component) in components.iter().enumerate() {
            let plain = here.join(component);
            if plain.symlink_metadata().is_ok() {
                here = plain;
                continue;
            }
            let names = self.names(&here);
            match same_name(component, names) {
                Some(name) => here = here.join(name),
                None => {
                    let suggestion = nearest(component, names.iter().map(String::as_str)).map(|near| {
                        let before = components.iter().take(depth).map(String::as_str);
                        let after = components.iter().skip(depth + 1).map(String::as_str);
                        before.chain([near]).chain(after).collect::<Vec<_>>().join("/")
                    });
                    return Found::Missing {
                        file: self.dir.join(components.join("/")),
                        suggestion,
                    };
                }
            }
        }
        match here.canonicalize() {
            Err(_) => Found::Missing {
                file: here,
                suggestion: None,
            },
            Ok(canonical) if !canonical.starts_with(&self.canonical) => Found::Outside(canonical),
            Ok(canonical) if canonical.is_file() => Found::File {
                file: here,
                canonical,
            },
            Ok(_) => Found::NoFile,
        }
    }

    fn names(&mut self, dir: &Path) -> &[String] {
        self.listings.entry(dir.to_owned()).or_insert_with(|| {
            let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
            let mut names: Vec<String> = entries.filter_map(|e| e.file_name().into_string().ok()).collect();
            names.sort_unstable();
            names
        })
    }
}

/// The name that differs only in Unicode form: macOS writes プ as two scalars, Windows and Linux as one.
///
/// NFC first; NFKC (full-width against half-width) only when a single name fits.
fn same_name<'n>(wanted: &str, names: &'n [String]) -> Option<&'n str> {
    let nfc: String = wanted.nfc().collect();
    if let Some(name) = names.iter().find(|name| name.nfc().eq(nfc.chars())) {
        return Some(name);
    }
    let nfkc: String = wanted.nfkc().collect();
    let mut fitting = names.iter().filter(|name| name.nfkc().eq(nfkc.chars()));
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

/// The parts of a path below the root; `\` counts as `/`, because lists come from Windows too.
///
/// # Errors
/// A path that is absolute or climbs up: refused by its text alone, so that every machine refuses the same.
pub(crate) fn components(path: &str) -> Result<Vec<String>, Refused> {
    let path = path.replace('\\', "/");
    let drive =
        path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[..1].iter().all(u8::is_ascii_alphabetic);
    if path.starts_with('/') || drive {
        return Err(Refused::Absolute);
    }
    let parts: Vec<String> = path
        .split('/')
        .filter(|p| !p.is_empty() && *p != ".")
        .map(str::to_owned)
        .collect();
    if parts.iter().any(|p| p == "..") {
        return Err(Refused::Parent);
    }
    if parts.is_empty() {
        Err(Refused::Empty)
    } else {
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(path: &str) -> Vec<String> {
        components(path).unwrap()
    }

    #[test]
    fn a_path_stays_below_the_root() {
        assert_eq!(parts("4901\\./yuho.pdf"), ["4901", "yuho.pdf"]);
        assert_eq!(components("/etc/passwd"), Err(Refused::Absolute));
        assert_eq!(components("C:\\a.pdf"), Err(Refused::Absolute));
        assert_eq!(components("a/../../b.pdf"), Err(Refused::Parent));
        assert_eq!(components("./"), Err(Refused::Empty));
        assert_eq!(parts("a..b/…pdf"), ["a..b", "…pdf"]);
    }

    #[test]
    fn a_decomposed_name_on_disk_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let decomposed: String = "レポート_グループ.pdf".nfd().collect();
        std::fs::write(dir.path().join(&decomposed), b"%PDF").unwrap();
        let mut root = Root::open(dir.path()).unwrap();
        let Found::File { file, .. } = root.find(&parts("レポート_グループ.pdf")) else {
            panic!("not found")
        };
        assert!(file.is_file());
        // Half-width in the manifest, full-width on disk.
        assert!(matches!(root.find(&parts("ﾚﾎﾟｰﾄ_ｸﾞﾙｰﾌﾟ.pdf")), Found::File { .. }));
        let Found::Missing { suggestion, .. } = root.find(&parts("レポート_グルーブ.pdf")) else {
            panic!("found")
        };
        assert_eq!(suggestion.as_ref(), Some(&decomposed));
        std::fs::create_dir_all(dir.path().join("9991/2024")).unwrap();
        let Found::Missing { suggestion, .. } = root.find(&parts("9991/2O24/a.pdf")) else {
            panic!("found")
        };
        assert_eq!(suggestion.as_deref(), Some("9991/2024/a.pdf"));
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_may_not_lead_out() {
        let dir = tempfile::tempdir().unwrap();
        let root_dir = dir.path().join("reports");
        std::fs::create_dir(&root_dir).unwrap();
        std::fs::write(dir.path().join("secret.pdf"), b"%PDF").unwrap();
        std::fs::write(root_dir.join("a.pdf"), b"%PDF").unwrap();
        std::os::unix::fs::symlink("../secret.pdf", root_dir.join("out.pdf")).unwrap();
        std::os::unix::fs::symlink("a.pdf", root_dir.join("in.pdf")).unwrap();
        let mut root = Root::open(&root_dir).unwrap();
        assert!(matches!(root.find(&parts("out.pdf")), Found::Outside(_)));
        let (
            Found::File {
                canonical: linked, ..
            },
            Found::File {
                canonical: direct, ..
            },
        ) = (root.find(&parts("in.pdf")), root.find(&parts("a.pdf")))
        else {
            panic!("a link inside the root is allowed")
        };
        assert_eq!(linked, direct);
    }
}
