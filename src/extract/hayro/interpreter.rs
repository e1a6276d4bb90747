//! Interprets the content of a page: everything that shows text, moves it, draws lines or images, and nothing else.
//!
//! The `hayro-interpret` crate does the same job for rendering. Reading text needs no colours, patterns, shadings,
//! clips or outlines, but it needs what a rendering device is not told: which font a glyph comes from, how many bytes its
//! code has, where the origin of a vertical glyph lies, and a limit on everything. So this module stands on the layers
//! below it: `hayro-syntax` for objects, streams and operators, `hayro-font` for simple fonts, `hayro-cmap` for CMaps.

use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::dict::keys::{FONT, FORM, IMAGE, MATRIX, OC, RESOURCES, SUBTYPE};
use hayro_syntax::object::{Array, Dict, Name, Number, Object, ObjectIdentifier, Stream, dict_or_stream};
use hayro_syntax::page::Resources;

use super::fonts::{Code, Font, Fonts, Text};
use super::marked_content::{Layers, MarkedContent};
use super::matrix::Matrix;
use super::rules::{Paint, Path};
use super::sink::{PageSink, direction_of};
use super::state::{Stack, State, fill_colour};
use super::streams::bounded_data;
use crate::extract::Glyph;

/// Limits on one page. Real pages of reports stay under a hundredth of each.
pub(super) const MAX_CONTENT: usize = 64 << 20;
const MAX_OPERATORS: u64 = 20_000_000;
const MAX_FORM_DEPTH: usize = 24;

/// What the pages of a document share.
pub(super) struct Shared<'a> {
    pub fonts: Fonts<'a>,
    pub layers: Layers,
}

/// What was wrong with a page, as far as it could be read all the same.
#[derive(Default)]
pub(in crate::extract) struct Trouble {
    /// A form draws itself.
    pub recursion: bool,
    /// More content than the limits allow.
    pub too_much: bool,
    /// A stream that cannot be decoded.
    pub broken_stream: bool,
}

pub(super) struct Interpreter<'a, 's> {
    shared: &'s Shared<'a>,
    page_area: (f64, f64),
    pub sink: PageSink,
    pub trouble: Trouble,
    operators: u64,
    state: State<'a>,
    stack: Stack<'a>,
    marked: MarkedContent,
    path: Path,
    /// The forms that are being drawn, outermost first.
    forms: Vec<ObjectIdentifier>,
    /// The fonts of the page in the order of the sink's list, and the one used last.
    fonts: Vec<Rc<Font<'a>>>,
    font_index: u16,
}

/// The fonts that a content stream has named so far.
type Named<'a> = Vec<(Vec<u8>, Option<Rc<Font<'a>>>)>;

impl<'a, 's> Interpreter<'a, 's> {
    /// `initial` leads from user space to the displayed page, y downwards; `page_area` is that page's width and height.
    pub fn new(shared: &'s Shared<'a>, initial: Matrix, page_area: (f64, f64)) -> Self {
        Self {
            shared,
            page_area,
            sink: PageSink::default(),
            trouble: Trouble::default(),
            operators: 0,
            state: State::new(initial),
            stack: Stack::new(),
            marked: MarkedContent::default(),
            path: Path::default(),
            forms: Vec::new(),
            fonts: Vec::new(),
            font_index: 0,
        }
    }

    /// Interprets a content stream.
    pub fn run(&mut self, content: &[u8], resources: &Resources<'a>) {
        let (floor, depth) = (self.stack.depth(), self.marked.depth());
        let outer = self.state.clone();
        let mut named = Named::new();
        let mut ops = TypedIter::new(content);
        let mut ends = 0;
        while ends < 16 {
            // The iterator gives nothing both at the end and at a path operator with bad operands; after the latter
            // there is more.
            let Some(op) = ops.next() else {
                ends += 1;
                continue;
            };
            ends = 0;
            self.operators += 1;
            if self.operators > MAX_OPERATORS {
                self.trouble.too_much = true;
                break;
            }
            self.step(op, resources, &mut named, floor);
        }
        self.path.clear();
        self.marked.unwind(depth, &mut self.sink);
        while self.stack.depth() > floor {
            self.stack.restore(&mut self.state, floor);
        }
        self.state = outer;
    }

    fn step(&mut self, op: Op<'_, '_>, resources: &Resources<'a>, named: &mut Named<'a>, floor: usize) {
        match op {
            Op::SaveState(_) => self.stack.save(&self.state),
            Op::RestoreState(_) => self.stack.restore(&mut self.state, floor),
            Op::Transform(m) => {
                let m = matrix([m.0, m.1, m.2, m.3, m.4, m.5]);
                self.state.ctm = self.state.ctm.after(m);
            }
            Op::SetGraphicsState(gs) => self.graphics_state(gs.0, resources),
            Op::XObject(x) => self.x_object(x.0, resources),
            Op::InlineImage(_) => self.image(),
            Op::BeginMarkedContent(_) => self.marked.begin(true, None, &self.sink),
            Op::BeginMarkedContentWithProperties(bdc) => self.begin_marked(bdc.1, resources),
            Op::EndMarkedContent(_) => self.marked.end(&mut self.sink),
            Op::TextFont(tf) => self.set_font(tf.0, tf.1.as_f64(), resources, named),
            other => self.path_step(other),
        }
    }

    fn path_step(&mut self, op: Op<'_, '_>) {
        let ctm = self.state.ctm;
        match op {
            Op::MoveTo(p) => self.path.move_to(ctm, p.0.as_f64(), p.1.as_f64()),
            Op::LineTo(p) => self.path.line_to(ctm, p.0.as_f64(), p.1.as_f64()),
            Op::CubicTo(c) => self.path.curve_to(ctm, c.4.as_f64(), c.5.as_f64()),
            Op::CubicStartTo(c) => self.path.curve_to(ctm, c.2.as_f64(), c.3.as_f64()),
            Op::CubicEndTo(c) => self.path.curve_to(ctm, c.2.as_f64(), c.3.as_f64()),
            Op::ClosePath(_) => self.path.close(),
            Op::RectPath(r) => {
                self.path
                    .rectangle(ctm, r.0.as_f64(), r.1.as_f64(), r.2.as_f64(), r.3.as_f64());
            }
            Op::CloseAndStrokePath(_)
            | Op::CloseFillAndStrokeNonZero(_)
            | Op::CloseFillAndStrokeEvenOdd(_) => {
                self.path.close();
                self.paint(Paint::Stroke);
            }
            Op::StrokePath(_) | Op::FillAndStrokeNonZero(_) | Op::FillAndStrokeEvenOdd(_) => {
                self.paint(Paint::Stroke);
            }
            Op::FillPathNonZero(_) | Op::FillPathNonZeroCompatibility(_) | Op::FillPathEvenOdd(_) => {
                self.paint(Paint::Fill(self.state.fill));
            }
            Op::EndPath(_) => self.path.clear(),
            other => match fill_colour(&other) {
                Some(colour) => self.state.fill = colour,
                None => self.text_step(other),
            },
        }
    }

    fn text_step(&mut self, op: Op<'_, '_>) {
        let state = &mut self.state;
        match op {
            Op::BeginText(_) => state.begin_text(),
            Op::SetTextMatrix(m) => state.set_matrix(matrix([m.0, m.1, m.2, m.3, m.4, m.5])),
            Op::NextLine(n) => state.next_line(n.0.as_f64(), n.1.as_f64()),
            Op::NextLineAndSetLeading(n) => {
                state.leading = -n.1.as_f64();
                state.next_line(n.0.as_f64(), n.1.as_f64());
            }
            Op::NextLineUsingLeading(_) => state.next_line(0.0, -state.leading),
            Op::HorizontalScaling(h) => state.scale = h.0.as_f64() / 100.0,
            Op::TextLeading(l) => state.leading = l.0.as_f64(),
            Op::CharacterSpacing(c) => state.char_space = c.0.as_f64(),
            Op::WordSpacing(w) => state.word_space = w.0.as_f64(),
            Op::TextRise(r) => state.rise = r.0.as_f64(),
            Op::TextRenderingMode(mode) => state.invisible = matches!(mode.0.as_i64(), 3 | 7),
            Op::ShowText(s) => self.show(s.0),
            Op::ShowTexts(s) => self.show_adjusted(s.0),
            Op::NextLineAndShowText(s) => {
                state.next_line(0.0, -state.leading);
                self.show(s.0);
            }
            Op::ShowTextWithParameters(s) => {
                state.word_space = s.0.as_f64();
                state.char_space = s.1.as_f64();
                state.next_line(0.0, -state.leading);
                self.show(s.2);
            }
            _ => {}
        }
    }

    fn paint(&mut self, paint: Paint) {
        if self.marked.visible() {
            self.path.paint(paint, self.page_area, &mut self.sink);
        } else {
            self.path.clear();
        }
    }

    fn image(&mut self) {
        if self.marked.visible() {
            self.sink.images = self.sink.images.saturating_add(1);
        }
    }

    fn graphics_state(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        let Some(entry) = resources
            .get_ext_g_state(name)
            .and_then(|d| d.get::<Array<'_>>(FONT))
        else {
            return;
        };
        let mut items = entry.iter::<Object<'_>>();
        if let (Some(Object::Dict(font)), Some(Object::Number(size))) = (items.next(), items.next()) {
            self.state.font = self.shared.fonts.get(&font);
            self.state.size = size.as_f64();
            self.state.stand_in = self.state.font.is_none();
        }
    }

    fn set_font(&mut self, name: &Name<'_>, size: f64, resources: &Resources<'a>, named: &mut Named<'a>) {
        let font = match named.iter().find(|(known, _)| known == name.as_ref()) {
            Some((_, font)) => font.clone(),
            None => {
                let font = resources
                    .get_font(name)
                    .and_then(|dict| self.shared.fonts.get(&dict));
                named.push((name.to_vec(), font.clone()));
                font
            }
        };
        self.state.stand_in = font.is_none();
        self.state.font = font;
        self.state.size = size;
    }

    fn begin_marked(&mut self, operand: &Object<'_>, resources: &Resources<'a>) {
        if let Object::Name(name) = operand {
            let properties = resources.properties.get::<Dict<'_>>(name);
            let id = resources.properties.get_ref(name).map(ObjectIdentifier::from);
            let shown = properties
                .as_ref()
                .is_none_or(|dict| self.shared.layers.shows(dict, id));
            self.marked.begin(shown, properties.as_ref(), &self.sink);
        } else {
            let properties = dict_or_stream(operand).map(|(dict, _)| dict);
            let shown = properties.is_none_or(|dict| self.shared.layers.shows_object(dict));
            self.marked.begin(shown, properties, &self.sink);
        }
    }

    fn x_object(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        let Some(stream) = resources.get_x_object(name) else {
            return;
        };
        let dict = stream.dict();
        if !self.marked.visible() || (dict.contains_key(OC) && !self.shared.layers.shows_object(dict)) {
            return;
        }
        match dict.get::<Name<'_>>(SUBTYPE).as_deref() {
            Some(kind) if kind == IMAGE => self.image(),
            Some(kind) if kind == FORM => self.form(&stream, resources, Matrix::IDENTITY),
            _ => {}
        }
    }

    /// Draws a form; `placed` is where an annotation puts it.
    pub fn form(&mut self, stream: &Stream<'a>, resources: &Resources<'a>, placed: Matrix) {
        let id = stream.obj_id();
        if self.forms.contains(&id) || self.forms.len() >= MAX_FORM_DEPTH {
            self.trouble.recursion = true;
            return;
        }
        let Some(content) = bounded_data(stream, MAX_CONTENT) else {
            self.trouble.broken_stream = true;
            return;
        };
        self.trouble.too_much |= content.cut;
        let dict = stream.dict();
        let own = dict.get::<Dict<'_>>(RESOURCES).map(Resources::new);
        let inner = dict.get::<[f64; 6]>(MATRIX).map_or(Matrix::IDENTITY, Matrix);
        let outer = self.state.clone();
        self.state.ctm = self.state.ctm.after(placed).after(inner);
        self.path.clear();
        self.forms.push(id);
        self.run(&content.data, own.as_ref().unwrap_or(resources));
        self.forms.pop();
        self.state = outer;
    }

    fn show_adjusted(&mut self, array: &Array<'_>) {
        for object in array.iter::<Object<'_>>() {
            match object {
                Object::Number(number) => {
                    let state = &mut self.state;
                    let shift = -number.as_f64() / 1000.0 * state.size;
                    let vertical = state.font.as_ref().is_some_and(|f| f.vertical());
                    let (x, y) = if vertical {
                        (0.0, shift)
                    } else {
                        (shift * state.scale, 0.0)
                    };
                    state.text = state.text.after(Matrix::translate(x, y));
                }
                Object::String(string) => self.show(&string),
                _ => {}
            }
        }
    }

    /// Shows a string in the current font.
    fn show(&mut self, bytes: &[u8]) {
        if self.state.font.is_none() {
            // Where the font is missing every reader shows ASCII in Helvetica and nothing else.
            self.state.stand_in = true;
            self.state.font = self.shared.fonts.stand_in();
        }
        let Some(font) = self.state.font.clone() else {
            return;
        };
        if self.state.stand_in && !bytes.is_ascii() {
            self.sink.lost_glyphs += u32::try_from(bytes.len()).unwrap_or(u32::MAX) / 2;
            return;
        }
        let visible = self.marked.visible();
        let index = self.index_of(&font);
        let pen = Pen::new(&self.state, &font, index);
        let (state, sink) = (&self.state, &mut self.sink);
        let mut offset = 0.0;
        font.decode(bytes, |code, decoded| {
            if visible {
                pen.show(offset, &decoded.text, decoded.advance, code, sink);
            }
            let word = if code.value == 32 && code.bytes == 1 {
                state.word_space
            } else {
                0.0
            };
            let step = decoded.advance / 1000.0 * state.size + state.char_space + word;
            offset += if pen.vertical { step } else { step * state.scale };
        });
        let (x, y) = if pen.vertical {
            (0.0, offset)
        } else {
            (offset, 0.0)
        };
        self.state.text = self.state.text.after(Matrix::translate(x, y));
    }

    /// The index of a font in the page's list, which holds a font once even when another has the same name.
    fn index_of(&mut self, font: &Rc<Font<'a>>) -> u16 {
        let last = self.fonts.get(usize::from(self.font_index));
        if last.is_some_and(|known| Rc::ptr_eq(known, font)) {
            return self.font_index;
        }
        let index = self
            .fonts
            .iter()
            .position(|known| Rc::ptr_eq(known, font))
            .unwrap_or(self.fonts.len());
        let Ok(index) = u16::try_from(index) else {
            return u16::MAX;
        };
        if usize::from(index) == self.fonts.len() {
            self.fonts.push(font.clone());
            self.sink.fonts.push(font.info.clone());
        }
        self.font_index = index;
        index
    }

    /// Takes back what fonts without any meaning seemed to say.
    pub fn drop_noise(&mut self) {
        for (index, _) in (0u16..).zip(&self.fonts).filter(|(_, font)| font.is_noise()) {
            let before = self.sink.glyphs.len();
            self.sink.glyphs.retain(|glyph| glyph.font != index);
            let dropped = u32::try_from(before - self.sink.glyphs.len()).unwrap_or(u32::MAX);
            self.sink.lost_glyphs = self.sink.lost_glyphs.saturating_add(dropped);
        }
    }
}

fn matrix(numbers: [Number; 6]) -> Matrix {
    Matrix(numbers.map(|n| n.as_f64()))
}

/// Places the glyphs of one string on the page.
struct Pen {
    /// From text space to the page.
    base: Matrix,
    rise: f64,
    /// Page units per thousandth of the font's advance.
    step: f64,
    model: Glyph,
    vertical: bool,
}

impl Pen {
    fn new(state: &State<'_>, font: &Font<'_>, index: u16) -> Self {
        let base = state.ctm.after(state.text);
        let vertical = font.vertical();
        let (ux, uy) = base.vector(0.0, 1.0);
        let size = state.size * (ux * ux + uy * uy).sqrt() * font.scale;
        let along = if vertical {
            base.vector(0.0, -state.size)
        } else {
            base.vector(state.size * state.scale, 0.0)
        };
        let step = (along.0 * along.0 + along.1 * along.1).sqrt() / 1000.0;
        let model = Glyph {
            ch: ' ',
            x: 0.0,
            y: 0.0,
            advance: 0.0,
            size: size.abs() as f32,
            font: index,
            direction: direction_of(along.0, along.1),
            vertical,
            invisible: state.invisible,
        };
        Self {
            base,
            rise: state.rise,
            step,
            model,
            vertical,
        }
    }

    fn show(&self, offset: f64, text: &Text, advance: f64, code: Code, sink: &mut PageSink) {
        let (x, y) = if self.vertical {
            self.base.point(self.rise, offset)
        } else {
            self.base.point(offset, self.rise)
        };
        let advance = advance.abs() * self.step;
        let glyph = Glyph {
            x: x as f32,
            y: y as f32,
            advance: advance as f32,
            ..self.model
        };
        match text {
            Text::One(ch) => sink.push(Glyph { ch: *ch, ..glyph }),
            Text::Many(text) => self.show_many(offset, text, glyph, sink),
            // A code without a width shows nothing anyone could miss.
            Text::Lost if advance == 0.0 || code.value == 32 => {}
            Text::Lost => sink.lost_glyphs = sink.lost_glyphs.saturating_add(1),
        }
    }

    /// A ligature: its characters share the advance.
    fn show_many(&self, offset: f64, text: &str, glyph: Glyph, sink: &mut PageSink) {
        let count = text.chars().count().max(1) as f32;
        let advance = glyph.advance / count;
        let (x, y) = if self.vertical {
            self.base.point(self.rise, offset - 1.0)
        } else {
            self.base.point(offset + 1.0, self.rise)
        };
        let (dx, dy) = (x as f32 - glyph.x, y as f32 - glyph.y);
        let unit = (dx * dx + dy * dy).sqrt();
        let (dx, dy) = if unit > 0.0 {
            (dx / unit, dy / unit)
        } else {
            (0.0, 0.0)
        };
        for (i, ch) in text.chars().enumerate() {
            let along = advance * i as f32;
            sink.push(Glyph {
                ch,
                x: glyph.x + dx * along,
                y: glyph.y + dy * along,
                advance,
                ..glyph
            });
        }
    }
}
