//! The graphics state, as far as text needs it.

use std::rc::Rc;

use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::Number;

use super::fonts::Font;
use super::matrix::Matrix;

/// States saved by `q`; deeper ones are counted but not kept, so that a page of nothing but `q` costs nothing.
const MAX_SAVED: usize = 256;

/// A colour that areas are filled with; only whether two are the same matters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colour {
    /// Number of components: the same figures mean another colour in another space.
    components: u8,
    values: [f32; 4],
}

impl Colour {
    /// Of at most four components; richer spaces are not compared.
    fn new(values: &[Number]) -> Option<Colour> {
        let mut colour = Colour {
            components: u8::try_from(values.len()).ok()?,
            values: [0.0; 4],
        };
        for (i, value) in values.iter().enumerate() {
            *colour.values.get_mut(i)? = value.as_f64() as f32;
        }
        (!values.is_empty()).then_some(colour)
    }

    /// A shade of grey, from 0 (black) to 1.
    pub fn grey(value: f32) -> Colour {
        Colour {
            components: 1,
            values: [value, 0.0, 0.0, 0.0],
        }
    }
}

/// The colour that an operator sets for filling, if it does; patterns and unknown spaces are no plain colour.
pub(super) fn fill_colour(op: &Op<'_, '_>) -> Option<Option<Colour>> {
    match op {
        Op::NonStrokeColorDeviceGray(g) => Some(Colour::new(&[g.0])),
        Op::NonStrokeColorDeviceRgb(c) => Some(Colour::new(&[c.0, c.1, c.2])),
        Op::NonStrokeColorCmyk(c) => Some(Colour::new(&[c.0, c.1, c.2, c.3])),
        Op::NonStrokeColor(c) => Some(Colour::new(&c.0)),
        Op::NonStrokeColorNamed(c) if c.1.is_none() => Some(Colour::new(&c.0)),
        Op::NonStrokeColorNamed(_) | Op::ColorSpaceNonStroke(_) => Some(None),
        _ => None,
    }
}

#[derive(Clone)]
pub(super) struct State<'a> {
    pub ctm: Matrix,
    pub font: Option<Rc<Font<'a>>>,
    /// The font was missing or never set.
    pub stand_in: bool,
    pub size: f64,
    pub char_space: f64,
    pub word_space: f64,
    /// Horizontal scaling as a factor.
    pub scale: f64,
    pub leading: f64,
    pub rise: f64,
    pub invisible: bool,
    /// What areas are filled with, where that is a plain colour.
    pub fill: Option<Colour>,
    pub text: Matrix,
    pub line: Matrix,
}

impl State<'_> {
    pub fn new(ctm: Matrix) -> Self {
        Self {
            ctm,
            font: None,
            stand_in: false,
            size: 1.0,
            char_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            invisible: false,
            fill: Some(Colour::grey(0.0)),
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
        }
    }

    pub fn begin_text(&mut self) {
        self.text = Matrix::IDENTITY;
        self.line = Matrix::IDENTITY;
    }

    pub fn set_matrix(&mut self, matrix: Matrix) {
        self.text = matrix;
        self.line = matrix;
    }

    pub fn next_line(&mut self, x: f64, y: f64) {
        self.line = self.line.after(Matrix::translate(x, y));
        self.text = self.line;
    }
}

/// The stack that `q` and `Q` work on.
pub(super) struct Stack<'a> {
    saved: Vec<State<'a>>,
    beyond: usize,
}

impl<'a> Stack<'a> {
    pub fn new() -> Self {
        Self {
            saved: Vec::new(),
            beyond: 0,
        }
    }

    pub fn depth(&self) -> usize {
        self.saved.len() + self.beyond
    }

    pub fn save(&mut self, state: &State<'a>) {
        if self.saved.len() < MAX_SAVED {
            self.saved.push(state.clone());
        } else {
            self.beyond += 1;
        }
    }

    /// Restores the last saved state unless that lies outside the stream that began at `floor`.
    pub fn restore(&mut self, state: &mut State<'a>, floor: usize) {
        if self.depth() <= floor {
            return;
        }
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(saved) = self.saved.pop() {
            *state = saved;
        }
    }
}
