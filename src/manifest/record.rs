//! Records: what a TOML table and a row of a CSV list have in common, so that both pass the same checks.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Place, Report, did_you_mean, quoted};

/// A value as written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar {
    /// A string; a cell of a list.
    Text(String),
    /// An integer without quotes, as its digits.
    Integer(String),
    /// A date without quotes.
    Date(String),
    /// An array of strings.
    List(Vec<String>),
    /// Anything else, by the name of its TOML type.
    Other(&'static str),
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) place: Place,
    pub(crate) value: Scalar,
}

/// A company or a document as written.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// `[[company]]`, `[[company.document]]`, or "this row".
    pub(crate) what: &'static str,
    pub(crate) place: Place,
    pub(crate) fields: BTreeMap<String, Field>,
}

impl Record {
    /// Reads a TOML table; a key that is not among `keys` is an error, one among `nested` is left to the caller.
    pub(crate) fn from_table(
        what: &'static str,
        table: &Spanned<&DeTable<'_>>,
        keys: &[&str],
        nested: &[&str],
        file: usize,
        report: &mut Report,
    ) -> Self {
        let mut fields = BTreeMap::new();
        let place = report.place(file, table.span().start);
        for (key, value) in table.get_ref().iter() {
            let name: &str = key.get_ref();
            let place = report.place(file, key.span().start);
            if keys.contains(&name) {
                let value = scalar(value.get_ref());
                fields.insert(name.to_owned(), Field { place, value });
            } else if !nested.contains(&name) {
                let known: Vec<&str> = keys.iter().chain(nested).copied().collect();
                report.error(
                    place,
                    format!("unknown key {} in {what}", quoted(name)),
                    did_you_mean(name, &known),
                );
            }
        }
        Self { what, place, fields }
    }

    /// A text that may be left out; blank counts as left out.
    pub(crate) fn text(&self, key: &str, report: &mut Report) -> Option<(String, Place)> {
        let field = self.fields.get(key)?;
        match &field.value {
            Scalar::Text(text) => {
                let text = text.trim();
                (!text.is_empty()).then(|| (text.to_owned(), field.place))
            }
            Scalar::Integer(digits) => {
                report.error(
                    field.place,
                    format!("{key} is a number, and a text is needed"),
                    format!("write it in quotes: {key} = \"{digits}\""),
                );
                None
            }
            other => {
                report.error(
                    field.place,
                    format!("{key} is {}, and a text is needed", other.type_name()),
                    format!("write {key} = \"…\""),
                );
                None
            }
        }
    }

    /// A text that must be there and be filled in.
    pub(crate) fn required(&self, key: &str, cure: &str, report: &mut Report) -> Option<(String, Place)> {
        self.require_presence(key, cure, report)?;
        self.text(key, report)
    }

    /// The field, if it is there and filled in; otherwise an error.
    pub(crate) fn require_presence(&self, key: &str, cure: &str, report: &mut Report) -> Option<&Field> {
        match self.fields.get(key) {
            None => {
                report.error(self.place, format!("{} has no {key}", self.what), cure);
                None
            }
            Some(field) if field.value.is_blank() => {
                report.error(field.place, format!("{key} is not filled in (要記入)"), cure);
                None
            }
            Some(field) => Some(field),
        }
    }
}

impl Scalar {
    /// Nothing but white space, or the 0 that `mieruka init` leaves where a number is to be filled in.
    fn is_blank(&self) -> bool {
        match self {
            Scalar::Text(text) => text.trim().is_empty(),
            Scalar::Integer(digits) => digits == "0",
            _ => false,
        }
    }

    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Scalar::Text(_) => "a text",
            Scalar::Integer(_) => "a number",
            Scalar::Date(_) => "a date",
            Scalar::List(_) => "a list",
            Scalar::Other(name) => name,
        }
    }
}

fn scalar(value: &DeValue<'_>) -> Scalar {
    match value {
        DeValue::String(text) => Scalar::Text(text.clone().into_owned()),
        DeValue::Integer(integer) => Scalar::Integer(integer.to_string()),
        DeValue::Datetime(date) => Scalar::Date(date.to_string()),
        DeValue::Array(items) => {
            let texts: Option<Vec<String>> = items
                .iter()
                .map(|item| item.get_ref().as_str().map(str::to_owned))
                .collect();
            texts.map_or(Scalar::Other("a list of other things than texts"), Scalar::List)
        }
        DeValue::Float(_) => Scalar::Other("a decimal number"),
        DeValue::Boolean(_) => Scalar::Other("true or false"),
        DeValue::Table(_) => Scalar::Other("a table"),
    }
}

/// Parses TOML; every syntax error goes to the report, and then there is no table.
pub(crate) fn parse_toml<'t>(
    text: &'t str,
    file: usize,
    report: &mut Report,
) -> Option<Spanned<DeTable<'t>>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let place = match error.span() {
            Some(span) => report.place(file, span.start),
            None => report.line(file, 0),
        };
        let what = error.message().lines().collect::<Vec<_>>().join("; ");
        report.error(
            place,
            format!("this is not TOML: {what}"),
            "one key = value a line, texts in quotes, # before a comment; see https://toml.io/ja/",
        );
    }
    errors.is_empty().then_some(table)
}

/// The tables of `[[name]]`; a single `[name]` or another value is an error.
pub(crate) fn array_of_tables<'a, 't>(
    parent: &'a DeTable<'t>,
    name: &str,
    shown: &str,
    file: usize,
    report: &mut Report,
) -> Vec<Spanned<&'a DeTable<'t>>> {
    let Some((key, value)) = parent.get_key_value(name) else {
        return Vec::new();
    };
    let mut tables = Vec::new();
    let items: Vec<&Spanned<DeValue<'t>>> = match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    };
    let is_array = value.get_ref().is_array();
    for item in items {
        match item.get_ref() {
            DeValue::Table(table) if is_array => tables.push(Spanned::new(item.span(), table)),
            _ => {
                let start = if is_array {
                    item.span().start
                } else {
                    key.span().start
                };
                report.error(
                    report.place(file, start),
                    format!("{name} is not a list of tables"),
                    format!("write [[{shown}]], with two brackets on each side, for each"),
                );
            }
        }
    }
    tables
}
