//! Where the report's links lead.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::extract::DocumentStatus;
use crate::manifest::Corpus;
use crate::tables::Tables;
use crate::tables::columns::PATH;
use crate::tables::rows::Rows;

/// The documents of the run, by their path in the manifest.
pub struct Documents {
    places: BTreeMap<String, usize>,
    links: Vec<Option<String>>,
}

impl Documents {
    /// Reads the table of documents.
    ///
    /// # Arguments
    /// * `links` - by document in manifest order, as [`links`] makes them.
    pub fn new(tables: &Tables, links: &[Option<String>]) -> Self {
        let rows = Rows::of(tables.get("documents"));
        Documents {
            places: rows
                .iter()
                .enumerate()
                .map(|(place, row)| (row.text(&PATH).to_owned(), place))
                .collect(),
            links: links.to_vec(),
        }
    }

    /// Place in the manifest.
    pub fn place(&self, path: &str) -> Option<usize> {
        self.places.get(path).copied()
    }

    /// The link to a page of a document; none when there is no such file.
    pub fn href(&self, path: &str, page: Option<i64>) -> Option<String> {
        self.link(self.place(path)?, page)
    }

    /// The same by place in the manifest.
    pub fn link(&self, place: usize, page: Option<i64>) -> Option<String> {
        let link = self.links.get(place)?.as_ref()?;
        Some(match page.filter(|page| *page > 0) {
            Some(page) => format!("{link}#page={page}"),
            None => link.clone(),
        })
    }

    /// A status as a Japanese reader says it.
    pub fn status_ja(&self, id: &str) -> String {
        let status: Option<DocumentStatus> = serde_json::from_value(id.into()).ok();
        status.map_or_else(|| id.to_owned(), |status| status.ja().to_owned())
    }
}

/// Links from a file in `folder` to the documents of a corpus, in manifest order; none where there is no file.
pub fn links(corpus: &Corpus, folder: &Path) -> Vec<Option<String>> {
    let folder = folder.canonicalize();
    let link = |file: &Path| {
        let file = file.canonicalize().ok().filter(|file| file.is_file())?;
        relative(folder.as_deref().ok()?, &file).map(|path| encoded(&path))
    };
    corpus
        .documents
        .iter()
        .map(|document| link(&document.file))
        .collect()
}

/// The way from a folder to a file; none when they have no folder in common (on another drive).
fn relative(folder: &Path, file: &Path) -> Option<PathBuf> {
    let common = folder
        .components()
        .zip(file.components())
        .take_while(|(a, b)| a == b)
        .count();
    if common == 0 {
        return None;
    }
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    Some(up.chain(file.components().skip(common)).collect())
}

/// What a path may not have in a link.
const NOT_IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b':')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

fn encoded(path: &Path) -> String {
    let parts = path.components().map(|part| {
        let part = part.as_os_str().to_string_lossy();
        utf8_percent_encode(&part, NOT_IN_PATHS).to_string()
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_go_up_and_down_and_survive_odd_names() {
        let link = |folder: &str, file: &str| {
            relative(Path::new(folder), Path::new(file)).map(|path| encoded(&path))
        };
        assert_eq!(
            link("/a/output", "/a/reports/x.pdf").as_deref(),
            Some("../reports/x.pdf")
        );
        assert_eq!(link("/a", "/a/x.pdf").as_deref(), Some("x.pdf"));
        assert_eq!(
            link("/a/o/p", "/a/統合 報告#1?.pdf").as_deref(),
            Some("../../%E7%B5%B1%E5%90%88%20%E5%A0%B1%E5%91%8A%231%3F.pdf")
        );
        assert_eq!(
            link("/a", "/a/\"><script>.pdf").as_deref(),
            Some("%22%3E%3Cscript%3E.pdf")
        );
    }
}
