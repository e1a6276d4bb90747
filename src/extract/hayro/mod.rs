//! The first engine: text by the `hayro` crates.

mod fonts;
mod interpreter;
mod marked_content;
mod matrix;
mod rules;
mod sink;
mod state;
mod streams;

use hayro_syntax::Pdf;
use hayro_syntax::object::dict::keys::{ANNOTS, AP, AS, BBOX, CONTENTS, F, MATRIX, N, RECT};
use hayro_syntax::object::{Array, Dict, Name, Object, Rect, Stream};
use hayro_syntax::page::Page as PdfPage;

use fonts::Fonts;
use interpreter::{Interpreter, MAX_CONTENT, Shared, Trouble};
use marked_content::Layers;
use matrix::Matrix;
use sink::PageSink;
use streams::bounded_data;

/// Reads the pages of an open document.
pub(super) struct Reader<'a> {
    shared: Shared<'a>,
}

/// A page as the engine saw it.
pub(super) struct PageReading {
    pub width: f32,
    pub height: f32,
    pub sink: PageSink,
    pub trouble: Trouble,
}

impl<'a> Reader<'a> {
    pub fn new(pdf: &'a Pdf) -> Self {
        let catalogue = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
        let layers = catalogue.map(|c| Layers::of(&c)).unwrap_or_default();
        Self {
            shared: Shared {
                fonts: Fonts::default(),
                layers,
            },
        }
    }

    /// Interprets one page with its annotations.
    pub fn read(&self, page: &PdfPage<'a>) -> PageReading {
        let (width, height) = page.render_dimensions();
        let initial = Matrix(page.initial_transform(true).as_coeffs());
        let mut interpreter = Interpreter::new(&self.shared, initial, (f64::from(width), f64::from(height)));
        let content = page_content(page, &mut interpreter.trouble);
        interpreter.run(&content, page.resources());
        if interpreter.sink.glyphs.is_empty()
            && let Some(flattened) = without_deep_nesting(&content)
        {
            interpreter.run(&flattened, page.resources());
        }
        for annotation in page
            .raw()
            .get::<Array<'_>>(ANNOTS)
            .iter()
            .flat_map(|a| a.iter::<Dict<'_>>())
        {
            draw_annotation(&annotation, page, &mut interpreter);
        }
        interpreter.drop_noise();
        interpreter.sink.drop_outside(width, height);
        let Interpreter { sink, trouble, .. } = interpreter;
        PageReading {
            width,
            height,
            sink,
            trouble,
        }
    }
}

/// The parser stops for good at an array nested beyond reason. No operator takes nested arrays, so the brackets go.
fn without_deep_nesting(content: &[u8]) -> Option<Vec<u8>> {
    const DEEP: usize = 32;
    let deep = |run: &[u8]| run.len() >= DEEP && matches!(run.first(), Some(b'[' | b']'));
    if !content.chunk_by(|a, b| a == b).any(deep) {
        return None;
    }
    let blank = |run: &[u8]| {
        if deep(run) {
            vec![b' '; run.len()]
        } else {
            run.to_vec()
        }
    };
    Some(content.chunk_by(|a, b| a == b).flat_map(blank).collect())
}

/// The content streams of a page, one after the other.
fn page_content(page: &PdfPage<'_>, trouble: &mut Trouble) -> Vec<u8> {
    let mut content = Vec::new();
    let mut add = |stream: &Stream<'_>| match bounded_data(stream, MAX_CONTENT) {
        Some(data) => {
            trouble.too_much |= data.cut || content.len() + data.data.len() > MAX_CONTENT;
            if content.len() + data.data.len() <= MAX_CONTENT {
                content.extend_from_slice(&data.data);
                content.push(b'\n');
            }
        }
        None => trouble.broken_stream = true,
    };
    match page.raw().get::<Object<'_>>(CONTENTS) {
        Some(Object::Stream(stream)) => add(&stream),
        Some(Object::Array(streams)) => streams.iter::<Stream<'_>>().for_each(|s| add(&s)),
        _ => {}
    }
    content
}

/// Draws the appearance of an annotation: form fields and stamps are text of the page.
fn draw_annotation<'a>(annotation: &Dict<'a>, page: &PdfPage<'a>, interpreter: &mut Interpreter<'a, '_>) {
    const HIDDEN_OR_NO_VIEW: u32 = (1 << 1) | (1 << 5);
    if annotation.get::<u32>(F).unwrap_or(0) & HIDDEN_OR_NO_VIEW != 0 {
        return;
    }
    let Some(form) = appearance(annotation) else {
        return;
    };
    let (Some(rect), Some(bbox)) = (annotation.get::<Rect>(RECT), form.dict().get::<Rect>(BBOX)) else {
        return;
    };
    let inner = form
        .dict()
        .get::<[f64; 6]>(MATRIX)
        .map_or(Matrix::IDENTITY, Matrix);
    let corners = [
        (bbox.x0, bbox.y0),
        (bbox.x1, bbox.y0),
        (bbox.x0, bbox.y1),
        (bbox.x1, bbox.y1),
    ];
    let corners = corners.map(|(x, y)| inner.point(x, y));
    let low = corners
        .iter()
        .fold((f64::MAX, f64::MAX), |m, c| (m.0.min(c.0), m.1.min(c.1)));
    let high = corners
        .iter()
        .fold((f64::MIN, f64::MIN), |m, c| (m.0.max(c.0), m.1.max(c.1)));
    let (sx, sy) = (rect.width() / (high.0 - low.0), rect.height() / (high.1 - low.1));
    if sx.is_finite() && sy.is_finite() {
        let placed = Matrix([sx, 0.0, 0.0, sy, rect.x0 - sx * low.0, rect.y0 - sy * low.1]);
        interpreter.form(&form, page.resources(), placed);
    }
}

fn appearance<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    match annotation.get::<Dict<'_>>(AP)?.get::<Object<'_>>(N)? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => {
            let state = annotation.get::<Name<'_>>(AS);
            state
                .and_then(|s| states.get::<Stream<'_>>(s))
                .or_else(|| states.get::<Stream<'_>>(b"Off"))
        }
        _ => None,
    }
}
