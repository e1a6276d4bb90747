//! The second engine: `pdf-extract`, asked only about pages that the first failed on.
//!
//! It panics on many files, never ends on a few, and a form that draws itself overflows any stack. Panics are caught;
//! what would hang or abort is refused beforehand, and a worker process guards against the rest.

use std::collections::HashSet;
use std::thread;

use pdf_extract::{Dictionary, Document, MediaBox, Object, ObjectId, OutputDev, OutputError, Transform};

use super::guard::guarded;
use super::{Direction, FontInfo, Glyph};

/// Files and streams beyond these are not given to it: its speed is a tenth of the first engine's.
const MAX_FILE: usize = 64 << 20;
const MAX_STREAM: usize = 4 << 20;
/// Its own recursion takes tens of kilobytes a level.
const STACK: usize = 64 << 20;
const MAX_FORM_DEPTH: usize = 30;

/// The second engine with the document loaded once, when first asked.
pub(super) struct SecondOpinion<'d> {
    data: &'d [u8],
    document: Option<Option<Document>>,
}

impl<'d> SecondOpinion<'d> {
    pub fn new(data: &'d [u8]) -> Self {
        Self { data, document: None }
    }

    /// The glyphs of a page; `pages` is how many pages the first engine sees, `initial` leads to the displayed page.
    ///
    /// # Errors
    ///
    /// Says why there is no second opinion.
    pub fn read(&mut self, number: u32, pages: usize, initial: [f64; 6]) -> Result<Vec<Glyph>, String> {
        let data = self.data;
        let document = self
            .document
            .get_or_insert_with(|| load(data))
            .as_ref()
            .ok_or("it cannot open the file")?;
        let all = document.get_pages();
        let id = *all
            .get(&number)
            .filter(|_| all.len() == pages)
            .ok_or("it counts other pages")?;
        if !is_harmless(document, id) {
            return Err("the page could hang it".to_string());
        }
        on_a_deep_stack(|| {
            guarded(|| {
                let mut output = Collector {
                    initial,
                    glyphs: Vec::new(),
                };
                let result = pdf_extract::output_doc_page(document, &mut output, number);
                result.map(|()| output.glyphs).map_err(|e| e.to_string())
            })?
        })
    }
}

fn on_a_deep_stack<T: Send>(work: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    thread::scope(|scope| {
        let spawned = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let handle = spawned.map_err(|e| format!("no thread for it: {e}"))?;
        handle.join().unwrap_or_else(|_| Err("it panicked".to_string()))
    })
}

fn load(data: &[u8]) -> Option<Document> {
    if data.len() > MAX_FILE {
        return None;
    }
    let load = || {
        let mut document = Document::load_mem(data).ok()?;
        if document.is_encrypted() {
            document.decrypt("").ok()?;
        }
        Some(document)
    };
    on_a_deep_stack(|| guarded(load)).ok().flatten()
}

/// Whether neither a form draws itself nor a stream or a ToUnicode range is out of all proportion.
fn is_harmless(document: &Document, page: ObjectId) -> bool {
    let content = document.get_page_contents(page);
    let resources = document.get_page_resources(page);
    let Ok((inline, shared)) = resources else {
        return false;
    };
    let mut walk = Walk {
        document,
        open: Vec::new(),
        done: HashSet::new(),
    };
    content.iter().all(|id| walk.stream_is_small(*id))
        && inline.is_none_or(|dict| walk.resources_are_harmless(dict))
        && shared.iter().all(|id| {
            document
                .get_dictionary(*id)
                .is_ok_and(|d| walk.resources_are_harmless(d))
        })
}

struct Walk<'d> {
    document: &'d Document,
    open: Vec<ObjectId>,
    done: HashSet<ObjectId>,
}

impl<'d> Walk<'d> {
    fn dict(&self, object: &'d Object) -> Option<&'d Dictionary> {
        let (_, object) = self.document.dereference(object).ok()?;
        object
            .as_dict()
            .ok()
            .or_else(|| object.as_stream().ok().map(|s| &s.dict))
    }

    fn stream_is_small(&self, id: ObjectId) -> bool {
        let Ok(stream) = self.document.get_object(id).and_then(Object::as_stream) else {
            return true;
        };
        // Deflate may blow a stream up a thousandfold; ten is what content really packs to.
        stream.content.len() * 10 <= MAX_STREAM
    }

    fn resources_are_harmless(&mut self, resources: &'d Dictionary) -> bool {
        let entries = |walk: &Self, key: &[u8]| -> Vec<&'d Object> {
            let dict = resources.get(key).ok().and_then(|o| walk.dict(o));
            dict.map(|d| d.iter().map(|(_, o)| o).collect())
                .unwrap_or_default()
        };
        let (fonts, forms) = (entries(self, b"Font"), entries(self, b"XObject"));
        fonts.into_iter().all(|font| self.font_is_harmless(font))
            && forms.into_iter().all(|f| self.form_is_harmless(f))
    }

    fn font_is_harmless(&self, font: &'d Object) -> bool {
        let Some(to_unicode) = self.dict(font).and_then(|d| d.get(b"ToUnicode").ok()) else {
            return true;
        };
        let Ok((_, Object::Stream(stream))) = self.document.dereference(to_unicode) else {
            return true;
        };
        let data = stream
            .decompressed_content()
            .unwrap_or_else(|_| stream.content.clone());
        data.len() <= MAX_STREAM && ranges_are_narrow(&data)
    }

    fn form_is_harmless(&mut self, object: &'d Object) -> bool {
        let Ok((Some(id), Object::Stream(stream))) = self.document.dereference(object) else {
            return true;
        };
        if self.open.contains(&id) || self.open.len() > MAX_FORM_DEPTH {
            return false;
        }
        if stream.dict.get(b"Subtype").and_then(Object::as_name).ok() != Some(b"Form")
            || !self.done.insert(id)
        {
            return true;
        }
        self.open.push(id);
        let resources = stream.dict.get(b"Resources").ok().and_then(|r| self.dict(r));
        let harmless = self.stream_is_small(id) && resources.is_none_or(|r| self.resources_are_harmless(r));
        self.open.pop();
        harmless
    }
}

/// No range of codes is wider than two bytes allow: it unrolls them all.
fn ranges_are_narrow(cmap: &[u8]) -> bool {
    let text = String::from_utf8_lossy(cmap);
    text.split("beginbfrange").skip(1).all(|block| {
        let block = block.split("endbfrange").next().unwrap_or_default();
        let codes: Vec<&str> = block
            .split('<')
            .skip(1)
            .filter_map(|p| p.split('>').next())
            .collect();
        codes
            .iter()
            .all(|code| code.trim().len() <= 4 || code.trim().len() > 8)
            || codes.len() < 2
    })
}

/// Collects characters with their places.
struct Collector {
    initial: [f64; 6],
    glyphs: Vec<Glyph>,
}

impl OutputDev for Collector {
    fn begin_page(
        &mut self,
        _: u32,
        _: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        trm: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        let [a, b, c, d, e, f] = self.initial;
        let (x, y) = (a * trm.m31 + c * trm.m32 + e, b * trm.m31 + d * trm.m32 + f);
        let along = (a * trm.m11 + c * trm.m12, b * trm.m11 + d * trm.m12);
        let up = (a * trm.m21 + c * trm.m22, b * trm.m21 + d * trm.m22);
        let advance = width * font_size * along.0.hypot(along.1);
        let count = text.chars().count().max(1) as f64;
        let unit = along.0.hypot(along.1).max(f64::MIN_POSITIVE);
        for (i, ch) in text.chars().enumerate() {
            let shift = advance / count * i as f64;
            self.glyphs.push(Glyph {
                ch,
                x: (x + along.0 / unit * shift) as f32,
                y: (y + along.1 / unit * shift) as f32,
                advance: (advance / count) as f32,
                size: (font_size * up.0.hypot(up.1)).abs() as f32,
                font: 0,
                direction: direction(along),
                vertical: false,
                invisible: false,
            });
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

fn direction((x, y): (f64, f64)) -> Direction {
    match (x.abs() >= y.abs(), x >= 0.0, y > 0.0) {
        (true, true, _) => Direction::Right,
        (true, false, _) => Direction::Left,
        (false, _, true) => Direction::Down,
        (false, _, false) => Direction::Up,
    }
}

/// The one font of its glyphs: it does not tell them apart.
pub(super) fn fonts() -> Vec<FontInfo> {
    vec![FontInfo {
        name: String::new(),
        bold: false,
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_ranges_are_refused() {
        assert!(ranges_are_narrow(
            b"1 beginbfrange <0001> <0008> <3042> endbfrange"
        ));
        assert!(!ranges_are_narrow(
            b"1 beginbfrange <00000000> <FFFFFFFF> <3042> endbfrange"
        ));
    }

    #[test]
    fn rubbish_gives_no_opinion() {
        assert!(
            SecondOpinion::new(b"%PDF-1.7 rubbish")
                .read(1, 1, [1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
                .is_err()
        );
    }
}
