//! Composite (Type 0) fonts: code → CID → character and width.

use std::collections::HashMap;
use std::sync::Arc;

use hayro_cmap::{CMap, CidFamily, WritingMode};
use hayro_syntax::object::dict::keys::{
    CID_TO_GID_MAP, CIDSYSTEMINFO, DESCENDANT_FONTS, DW, DW2, ENCODING, FONT_DESC, FONT_FILE2, FONT_FILE3,
    ORDERING, REGISTRY, TO_UNICODE, W, W2,
};
use hayro_syntax::object::{Array, Dict, Object, Stream, String as PdfString};

use super::cmaps::{UnicodeForm, collection_text, predefined, resolve, text_of};
use super::codes::{Code, CodeLength, Decoded, Text, code_value};
use super::program::Program;
use super::to_unicode::ToUnicode;
use crate::extract::hayro::streams::bounded_data;

/// CMaps and font programs beyond this are not read: the largest real ones are a tenth of it.
const MAX_CMAP: usize = 4 << 20;
const MAX_PROGRAM: usize = 64 << 20;

pub(super) struct CompositeFont<'a> {
    encoding: Arc<CMap>,
    vertical: bool,
    length: CodeLength,
    /// Set when the codes themselves are Unicode.
    form: Option<UnicodeForm>,
    to_unicode: Option<Told>,
    collection: Option<CidFamily>,
    widths: Widths,
    program: ProgramState<'a>,
    /// One-byte and two-byte codes → place in `decoded` plus one; longer codes are found in `long`.
    short: Vec<u32>,
    long: HashMap<(u32, u8), u32>,
    decoded: Vec<(Code, Decoded)>,
}

enum Told {
    /// A CMap from codes to characters.
    Codes(ToUnicode),
    /// One that leans on a predefined CMap.
    Leaning(Box<CMap>),
    /// The codes are said to be Unicode (`/ToUnicode /Identity-H`).
    Direct,
}

/// The embedded font program, which is opened only when nothing else tells a character.
enum ProgramState<'a> {
    None,
    Closed {
        file: Stream<'a>,
        cid_to_gid: Option<Stream<'a>>,
    },
    Open {
        program: Program,
        cid_to_gid: Option<Vec<u8>>,
    },
}

/// The first descendant of a composite font.
pub(super) fn descendant<'a>(dict: &Dict<'a>) -> Option<Dict<'a>> {
    match dict.get::<Object<'_>>(DESCENDANT_FONTS)? {
        Object::Array(array) => array.iter::<Dict<'_>>().next(),
        other => other.into_dict(),
    }
}

impl<'a> CompositeFont<'a> {
    pub fn new(dict: &Dict<'a>) -> Option<Self> {
        let descendant = descendant(dict)?;
        let (encoding, name, length) = encoding(dict)?;
        let vertical = encoding.metadata().writing_mode == Some(WritingMode::Vertical);
        let collection = encoding
            .metadata()
            .character_collection
            .as_ref()
            .map(|c| c.family.clone())
            .filter(is_named_collection)
            .or_else(|| system_info(&descendant).filter(is_named_collection));
        Some(Self {
            vertical,
            length,
            form: UnicodeForm::of(&name),
            to_unicode: to_unicode(dict),
            collection,
            widths: Widths::new(&descendant, vertical),
            program: program(&descendant),
            encoding,
            short: vec![0; 0x1_0100],
            long: HashMap::new(),
            decoded: Vec::new(),
        })
    }

    pub fn vertical(&self) -> bool {
        self.vertical
    }

    /// Decodes the first code of a string that is not empty.
    pub fn decode_first(&mut self, bytes: &[u8]) -> (Code, &Decoded) {
        let index = match self.known(bytes) {
            Some(index) => index,
            None => self.learn(bytes),
        };
        match self.decoded.get(index as usize) {
            Some((code, decoded)) => (*code, decoded),
            None => (Code { value: 0, bytes: 1 }, &NOTHING),
        }
    }

    fn known(&self, bytes: &[u8]) -> Option<u32> {
        let first = usize::from(*bytes.first()?);
        let one = self.short.get(0x1_0000 + first).copied()?;
        if one > 0 {
            return Some(one - 1);
        }
        let second = usize::from(*bytes.get(1)?);
        let two = self.short.get((first << 8) | second).copied()?;
        if two > 0 {
            return Some(two - 1);
        }
        if self.long.is_empty() {
            return None;
        }
        (3..=4u8)
            .filter(|n| bytes.len() >= usize::from(*n))
            .find_map(|n| self.long.get(&(code_value(bytes, n), n)).copied())
    }

    fn learn(&mut self, bytes: &[u8]) -> u32 {
        let longest = bytes.len().min(4) as u8;
        let found = (1..=longest).find_map(|n| {
            let value = code_value(bytes, n);
            Some((Code { value, bytes: n }, self.encoding.lookup_cid_code(value, n)?))
        });
        let (code, cid) = match found {
            Some((code, cid)) => (code, Some(cid)),
            None => {
                let length = self.length.at(bytes);
                (
                    Code {
                        value: code_value(bytes, length),
                        bytes: length,
                    },
                    None,
                )
            }
        };
        let decoded = Decoded {
            text: self.text(code, cid),
            advance: self.widths.advance(cid.unwrap_or(0)),
        };
        let index = self.decoded.len() as u32;
        self.decoded.push((code, decoded));
        let slot = match code.bytes {
            1 => self.short.get_mut(0x1_0000 + code.value as usize),
            2 => self.short.get_mut(code.value as usize),
            _ => None,
        };
        match slot {
            Some(slot) => *slot = index + 1,
            None => {
                self.long.insert((code.value, code.bytes), index);
            }
        }
        index
    }

    /// The character of a code, from the strongest evidence to the weakest; a private-use character only when
    /// nothing better is known.
    fn text(&mut self, code: Code, cid: Option<u32>) -> Text {
        let mut weak = Text::Lost;
        for source in 0..5 {
            let text = match source {
                0 => self.told_text(code),
                1 => self.form.and_then(|f| f.character(code.value)).map(Text::One),
                2 => cid
                    .and_then(|cid| self.collected_text(cid))
                    .filter(|_| self.form.is_some() || !self.is_identity()),
                3 => cid.and_then(|cid| self.program_text(cid)),
                _ => cid.and_then(|cid| self.collected_text(cid)),
            };
            match text {
                Some(text) if text.is_sound() => return text,
                Some(Text::One(ch)) if weak == Text::Lost && super::codes::is_private(ch) => {
                    weak = Text::One(ch)
                }
                _ => {}
            }
        }
        weak
    }

    fn is_identity(&self) -> bool {
        self.encoding
            .metadata()
            .name
            .as_deref()
            .is_some_and(|n| n.starts_with(b"Identity"))
    }

    fn told_text(&self, code: Code) -> Option<Text> {
        match self.to_unicode.as_ref()? {
            Told::Codes(map) => map.lookup(code.value),
            Told::Leaning(cmap) => cmap.lookup_bf_string(code.value).map(text_of),
            Told::Direct => UnicodeForm::Utf16.character(code.value).map(Text::One),
        }
    }

    fn collected_text(&self, cid: u32) -> Option<Text> {
        collection_text(self.collection.as_ref()?, cid)
    }

    fn program_text(&mut self, cid: u32) -> Option<Text> {
        if let ProgramState::Closed { file, cid_to_gid } = &self.program {
            let program = bounded_data(file, MAX_PROGRAM)
                .map(|d| Program::read(&d.data))
                .unwrap_or_default();
            let cid_to_gid = cid_to_gid
                .as_ref()
                .and_then(|s| bounded_data(s, 1 << 18))
                .map(|d| d.data.into_owned());
            self.program = ProgramState::Open { program, cid_to_gid };
        }
        let ProgramState::Open { program, cid_to_gid } = &self.program else {
            return None;
        };
        match cid_to_gid {
            Some(map) => {
                let at = cid as usize * 2;
                let gid = u16::from_be_bytes([*map.get(at)?, *map.get(at + 1)?]);
                program.text_of_glyph(u32::from(gid))
            }
            None => program.text_of_cid(cid),
        }
    }
}

static NOTHING: Decoded = Decoded {
    text: Text::Lost,
    advance: 0.0,
};

fn is_named_collection(family: &CidFamily) -> bool {
    !matches!(family, CidFamily::AdobeIdentity | CidFamily::Custom { .. })
}

/// The encoding CMap, its name (empty when embedded without one) and its code lengths.
fn encoding(dict: &Dict<'_>) -> Option<(Arc<CMap>, String, CodeLength)> {
    match dict.get::<Object<'_>>(ENCODING) {
        Some(Object::Stream(stream)) => {
            let data = bounded_data(&stream, MAX_CMAP)?.data;
            let cmap = CMap::parse(&data, resolve)?;
            let name = cmap.metadata().name.as_deref().unwrap_or_default();
            // An embedded copy of a predefined CMap keeps its name and its meaning.
            let name = String::from_utf8_lossy(name).into_owned();
            let length = CodeLength::declared_in(&data);
            Some((Arc::new(cmap), name, length))
        }
        Some(Object::Name(name)) => {
            let name = String::from_utf8_lossy(&name).into_owned();
            let cmap = predefined(&name)?;
            let length = CodeLength::of_predefined(&name);
            Some((cmap, name, length))
        }
        // Required, but where it is missing every reader takes two-byte CIDs.
        _ => Some((
            predefined("Identity-H")?,
            "Identity-H".to_string(),
            CodeLength::Fixed(2),
        )),
    }
}

fn to_unicode(dict: &Dict<'_>) -> Option<Told> {
    match dict.get::<Object<'_>>(TO_UNICODE)? {
        Object::Stream(stream) => {
            let data = bounded_data(&stream, MAX_CMAP)?.data;
            ToUnicode::parse(&data)
                .map(Told::Codes)
                .or_else(|| CMap::parse(&data, resolve).map(Box::new).map(Told::Leaning))
        }
        Object::Name(name) => {
            let name = String::from_utf8_lossy(&name);
            (name.starts_with("Identity") || UnicodeForm::of(&name).is_some()).then_some(Told::Direct)
        }
        _ => None,
    }
}

fn system_info(descendant: &Dict<'_>) -> Option<CidFamily> {
    let info = descendant.get::<Dict<'_>>(CIDSYSTEMINFO)?;
    let registry = info.get::<PdfString<'_>>(REGISTRY)?;
    let ordering = info.get::<PdfString<'_>>(ORDERING)?;
    Some(CidFamily::from_registry_ordering(
        registry.as_bytes(),
        ordering.as_bytes(),
    ))
}

fn program<'a>(descendant: &Dict<'a>) -> ProgramState<'a> {
    let Some(descriptor) = descendant.get::<Dict<'_>>(FONT_DESC) else {
        return ProgramState::None;
    };
    let file = descriptor
        .get::<Stream<'_>>(FONT_FILE2)
        .or_else(|| descriptor.get::<Stream<'_>>(FONT_FILE3));
    match file {
        Some(file) => ProgramState::Closed {
            file,
            cid_to_gid: descendant.get::<Stream<'_>>(CID_TO_GID_MAP),
        },
        None => ProgramState::None,
    }
}

/// Advances by CID.
struct Widths {
    vertical: bool,
    default: f64,
    ranges: Vec<(u32, u32, f64)>,
}

impl Widths {
    fn new(descendant: &Dict<'_>, vertical: bool) -> Self {
        if vertical {
            let default = descendant
                .get::<[f32; 2]>(DW2)
                .map_or(-1000.0, |[_, advance]| f64::from(advance));
            let ranges = descendant
                .get::<Array<'_>>(W2)
                .map(|a| ranges(&a, 3))
                .unwrap_or_default();
            return Self {
                vertical,
                default,
                ranges,
            };
        }
        let default = descendant.get::<f32>(DW).map_or(1000.0, f64::from);
        let ranges = descendant
            .get::<Array<'_>>(W)
            .map(|a| ranges(&a, 1))
            .unwrap_or_default();
        Self {
            vertical,
            default,
            ranges,
        }
    }

    fn advance(&self, cid: u32) -> f64 {
        let found = self
            .ranges
            .iter()
            .rev()
            .find(|(first, last, _)| (*first..=*last).contains(&cid));
        let advance = found.map_or(self.default, |(_, _, width)| *width);
        // A downward advance is negative; some producers write it positive.
        if self.vertical { -advance.abs() } else { advance }
    }
}

/// Reads `/W` (one number a CID) or `/W2` (three, of which the first is the advance).
fn ranges(array: &Array<'_>, numbers: usize) -> Vec<(u32, u32, f64)> {
    const MOST: usize = 70_000;
    let mut out: Vec<(u32, u32, f64)> = Vec::new();
    let mut pending: Vec<f64> = Vec::new();
    for object in array.iter::<Object<'_>>() {
        if out.len() > MOST {
            break;
        }
        match object {
            Object::Number(number) => {
                pending.push(number.as_f64());
                if let [first, last, advance, ..] = pending.as_slice()
                    && pending.len() == 2 + numbers
                {
                    out.push((*first as u32, *last as u32, *advance));
                    pending.clear();
                }
            }
            Object::Array(list) => {
                let first = pending.last().map_or(0, |n| *n as u32);
                let values: Vec<f64> = list.iter::<f32>().map(f64::from).take(MOST * numbers).collect();
                for (cid, advance) in (first..).zip(values.chunks(numbers).filter_map(|c| c.first())) {
                    match out.last_mut() {
                        Some((_, last, same)) if last.checked_add(1) == Some(cid) && same == advance => {
                            *last = cid
                        }
                        _ => out.push((cid, cid, *advance)),
                    }
                }
                pending.clear();
            }
            _ => {}
        }
    }
    out
}
