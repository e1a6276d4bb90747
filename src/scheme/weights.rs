//! The learned weights of a scheme: a CSV file beside it, a line per feature, a column per code.

use std::collections::HashMap;

use super::Hash;

/// What a feature is made of. The name stands in the first column of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Family {
    /// A dictionary form.
    Word,
    /// Two neighbouring dictionary forms.
    Pair,
    /// A word list of the scheme.
    List,
    /// A word list and a shade of its predicate: `@audit:past`.
    Shade,
    /// A word list and a word it is object, target or subject of: `object:@policy>定める`.
    Link,
    /// Two or three characters of a heading.
    HeadingChars,
    /// A word list in the headings.
    HeadingList,
    /// A word list in the passage before.
    PreviousList,
    /// The outward form: length, shades, a list item, figures, a table row.
    Form,
}

impl Family {
    /// Every family, in the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::Word,
        Self::Pair,
        Self::List,
        Self::Shade,
        Self::Link,
        Self::HeadingChars,
        Self::HeadingList,
        Self::PreviousList,
        Self::Form,
    ];

    /// Its name in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Pair => "pair",
            Self::List => "list",
            Self::Shade => "shade",
            Self::Link => "link",
            Self::HeadingChars => "heading-chars",
            Self::HeadingList => "heading-list",
            Self::PreviousList => "previous-list",
            Self::Form => "form",
        }
    }

    /// How much the features of this family weigh together in a passage, before anything is learned: the passage itself
    /// before its surroundings.
    pub fn scale(self) -> f64 {
        match self {
            Self::HeadingChars | Self::HeadingList => 0.7,
            Self::PreviousList => 0.4,
            Self::Form => 0.5,
            _ => 1.0,
        }
    }
}

/// A linear model: the score of a code is its intercept, the vote of the rules and the weights of the features of the
/// passage, each times its value; above 0 the code is given. Column 0 is the scope, the codes follow in the order of the scheme.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weights {
    pub intercept: Vec<f64>,
    /// Added where the rules give the code.
    pub yes: Vec<f64>,
    /// Added where they do not; below 0.
    pub no: Vec<f64>,
    /// The number of a feature, by its family and the hash of its name.
    index: HashMap<(Family, u64), u32>,
    /// By feature, then by column.
    cells: Vec<f64>,
}

/// Name of the first column of every line that is no feature.
const MODEL: &str = "model";
const MODEL_LINES: [&str; 3] = ["intercept", "rules-yes", "rules-no"];

impl Weights {
    /// A model without features.
    fn new(codes: usize) -> Self {
        Self {
            intercept: vec![0.0; codes + 1],
            yes: vec![0.0; codes + 1],
            no: vec![0.0; codes + 1],
            index: HashMap::new(),
            cells: Vec::new(),
        }
    }

    /// Adds a feature; `false` if it stands there already.
    fn add(&mut self, family: Family, feature: &str, row: &[f64]) -> bool {
        let number = (self.cells.len() / self.intercept.len().max(1)) as u32;
        let hash = Hash::of(feature).value;
        if self.index.insert((family, hash), number).is_some() {
            return false;
        }
        self.cells.extend_from_slice(row);
        true
    }

    /// The weights of a feature, by column; `hash` is of its name.
    pub fn row(&self, family: Family, hash: u64) -> Option<&[f64]> {
        let number = *self.index.get(&(family, hash))? as usize;
        let width = self.intercept.len();
        self.cells.get(number * width..(number + 1) * width)
    }

    /// Reads the file.
    ///
    /// # Arguments
    /// * `text` - the CSV: `family,feature,scope` and the codes; three lines `model,intercept`, `model,rules-yes` and
    ///   `model,rules-no`; then the features. An empty cell is 0.
    /// * `codes` - the codes of the scheme, in its order.
    ///
    /// # Errors
    /// The line and what is wrong with it.
    pub fn read(text: &str, codes: &[&str]) -> Result<Self, (u64, String)> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .comment(Some(b'#'))
            .from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
        let mut records = reader.records();
        let mut next = || {
            records.next().map(|record| {
                record.map_err(|e| {
                    let line = e.position().map_or(0, csv::Position::line);
                    (
                        line,
                        "not the same number of cells as in the first line".to_owned(),
                    )
                })
            })
        };
        let expected: Vec<&str> = ["family", "feature", "scope"]
            .into_iter()
            .chain(codes.iter().copied())
            .collect();
        let head = next().transpose()?;
        if !head.is_some_and(|h| h.iter().eq(expected.iter().copied())) {
            let head = expected.join(",");
            return Err((
                1,
                format!("the first line must be {head}: train the weights anew, see docs/schemes.md"),
            ));
        }
        let mut model = Self::new(codes.len());
        for name in MODEL_LINES {
            let record = next().transpose()?.unwrap_or_default();
            if record.get(0) != Some(MODEL) || record.get(1) != Some(name) {
                return Err((line(&record), format!("the line {MODEL},{name} is missing")));
            }
            let row = numbers(&record)?;
            match name {
                "intercept" => model.intercept = row,
                "rules-yes" => model.yes = row,
                _ => model.no = row,
            }
        }
        while let Some(record) = next().transpose()? {
            let name = record.get(0).unwrap_or_default();
            let Some(family) = Family::ALL.into_iter().find(|f| f.name() == name) else {
                return Err((
                    line(&record),
                    format!("there is no family of features called '{name}'"),
                ));
            };
            let feature = record.get(1).unwrap_or_default();
            if !model.add(family, feature, &numbers(&record)?) {
                return Err((line(&record), format!("the feature '{feature}' stands twice")));
            }
        }
        Ok(model)
    }
}

fn line(record: &csv::StringRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

/// The cells behind the first two.
fn numbers(record: &csv::StringRecord) -> Result<Vec<f64>, (u64, String)> {
    record
        .iter()
        .skip(2)
        .map(|cell| match cell {
            "" => Ok(0.0),
            cell => cell
                .parse::<f64>()
                .ok()
                .filter(|w| w.is_finite())
                .ok_or_else(|| (line(record), format!("'{cell}' is no number"))),
        })
        .collect()
}

/// Writes the file: see [`Weights::read`]. `model` is the intercepts and the votes of the rules, yes and no. Numbers get three decimals for the model and two for features, zeros are left out.
///
/// # Errors
/// The writer fails.
pub(crate) fn write(
    out: impl std::io::Write,
    codes: &[&str],
    model: [&[f64]; 3],
    features: &[(Family, &str, Vec<f64>)],
) -> csv::Result<()> {
    let mut out = csv::WriterBuilder::new().from_writer(out);
    let head = ["family", "feature", "scope"]
        .into_iter()
        .chain(codes.iter().copied());
    out.write_record(head)?;
    for (name, row) in MODEL_LINES.into_iter().zip(model) {
        let cells = row.iter().map(|w| decimal(*w, 3));
        out.write_record([MODEL.to_owned(), name.to_owned()].into_iter().chain(cells))?;
    }
    for (family, feature, row) in features {
        let cells = row.iter().map(|w| decimal(*w, 2));
        let name = [family.name().to_owned(), (*feature).to_owned()];
        out.write_record(name.into_iter().chain(cells))?;
    }
    out.flush()?;
    Ok(())
}

/// `-.25`, `1.5`, nothing for 0: half of the file is leading and trailing zeros otherwise.
fn decimal(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text {
        "" | "-" | "0" | "-0" => String::new(),
        _ => match text.strip_prefix("-0.") {
            Some(rest) => format!("-.{rest}"),
            None => match text.strip_prefix("0.") {
                Some(rest) => format!(".{rest}"),
                None => text.to_owned(),
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "family,feature,scope,A,B\nmodel,intercept,-.5,,1\nmodel,rules-yes,.75,.75,.75\nmodel,rules-no,-1,-1,-1\nword,監査,.2,,-1.25\npair,\"a,b\",,.1,\n";

    #[test]
    fn what_is_written_is_read_again() {
        let read = Weights::read(FILE, &["A", "B"]).unwrap();
        assert_eq!(
            read.row(Family::Word, Hash::of("監査").value),
            Some(&[0.2, 0.0, -1.25][..])
        );
        assert_eq!(
            read.row(Family::Pair, Hash::of("a,b").value),
            Some(&[0.0, 0.1, 0.0][..])
        );
        assert_eq!(read.row(Family::Pair, Hash::of("監査").value), None);
        let mut out = Vec::new();
        let features = [
            (Family::Word, "監査", vec![0.2, 0.001, -1.25]),
            (Family::Pair, "a,b", vec![0.0, 0.1, -0.002]),
        ];
        write(
            &mut out,
            &["A", "B"],
            [&[-0.5, 0.0, 1.0], &[0.75; 3], &[-1.0; 3]],
            &features,
        )
        .unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), FILE);
    }

    #[test]
    fn errors_name_the_line() {
        let wrong =
            |from: &str, to: &str| Weights::read(&FILE.replacen(from, to, 1), &["A", "B"]).unwrap_err();
        assert_eq!(wrong(",B\n", ",C\n").0, 1);
        assert_eq!(
            wrong("model,rules-yes", "model,rule"),
            (3, "the line model,rules-yes is missing".to_owned())
        );
        assert_eq!(
            wrong("word,", "words,"),
            (5, "there is no family of features called 'words'".to_owned())
        );
        assert_eq!(wrong("-1.25", "x"), (5, "'x' is no number".to_owned()));
        assert_eq!(wrong("-1.25", "NaN").0, 5);
        assert_eq!(wrong("-1.25", "1,2").0, 5);
        assert_eq!(
            wrong("pair,\"a,b\"", "word,監査").1,
            "the feature '監査' stands twice"
        );
    }
}
