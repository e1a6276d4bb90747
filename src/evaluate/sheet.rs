//! Coded passages kept in a spreadsheet and saved as CSV: a row per passage, columns by name, several codes in a cell.
//!
//! `passages.csv` of a run is such a file: a coder may correct its codes in a spreadsheet and compare.

use serde_json::{Map, Value, json};

use crate::export::cell;
use crate::manifest::{decode_list, list_delimiter, list_line};

/// What a column is and the headings it may have.
const COLUMNS: [(&str, &[&str]); 9] = [
    ("id", &["id", "passage_id", "段落ID"]),
    ("labels", &["labels", "codes", "code", "コード", "項目コード一覧"]),
    ("facets", &["facets", "細目"]),
    ("in_scope", &["in_scope", "対象"]),
    ("text", &["text", "本文"]),
    ("headings", &["headings", "見出し"]),
    ("previous", &["previous", "前の段落"]),
    ("unit", &["unit", "単位"]),
    ("company_id", &["company_id", "company_code", "証券コード"]),
];

/// Between the codes of a cell.
const BETWEEN_CODES: [char; 9] = [';', ',', '、', '；', '，', '/', '／', ' ', '\u{3000}'];

/// A row, or what is wrong with it, and its line.
pub(super) type Row = (usize, Result<Value, String>);

/// Rows as the objects that a line of JSONL would hold, each with its line.
///
/// # Errors
/// Line and message of what keeps the file from being read at all.
pub(super) fn rows(bytes: &[u8]) -> Result<Vec<Row>, (usize, String)> {
    let text =
        decode_list(bytes).map_err(|line| (line, "the text is neither UTF-8 nor Shift_JIS".to_owned()))?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .delimiter(list_delimiter(&text))
        .from_reader(text.as_bytes());
    let unreadable = |e: csv::Error| (1, format!("cannot be read as CSV: {e}"));
    let headings = reader.headers().map_err(unreadable)?.clone();
    let columns: Vec<Option<&str>> = headings.iter().map(column).collect();
    for needed in ["id", "labels"] {
        if !columns.contains(&Some(needed)) {
            let names = COLUMNS
                .iter()
                .find(|(id, _)| *id == needed)
                .map_or(&[][..], |(_, names)| names);
            return Err((1, format!("no column is called {}", names.join(" or "))));
        }
    }
    // passages.csv holds passages in scope only, and need not say so.
    let is_passages = headings
        .iter()
        .any(|h| ["passage_id", "段落ID"].contains(&h.trim()));
    let all_in_scope = is_passages && !columns.contains(&Some("in_scope"));
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, |place| list_line(place, &text));
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push((line, object(&columns, &record, all_in_scope)));
        }
    }
    Ok(rows)
}

fn column(heading: &str) -> Option<&'static str> {
    let heading = heading.trim();
    let named = |names: &[&str]| names.iter().any(|n| n.eq_ignore_ascii_case(heading));
    COLUMNS.iter().find(|(_, names)| named(names)).map(|(id, _)| *id)
}

fn object(columns: &[Option<&str>], record: &csv::StringRecord, all_in_scope: bool) -> Result<Value, String> {
    let mut object = Map::new();
    if all_in_scope {
        object.insert("in_scope".to_owned(), json!(true));
    }
    for (name, cell) in columns.iter().zip(record) {
        let Some(name) = name else { continue };
        let cell = cell::original(cell.trim());
        let value = match *name {
            "labels" | "facets" => json!(list(cell)),
            "headings" => json!(cell.split(" > ").filter(|h| !h.is_empty()).collect::<Vec<_>>()),
            "in_scope" => match yes_or_no(cell)? {
                Some(yes) => json!(yes),
                None => continue,
            },
            "previous" | "unit" if cell.is_empty() => continue,
            _ => json!(cell),
        };
        object.insert((*name).to_owned(), value);
    }
    Ok(Value::Object(object))
}

fn list(cell: &str) -> Vec<&str> {
    cell.split(BETWEEN_CODES)
        .filter(|code| !code.is_empty())
        .collect()
}

/// `None` for a blank cell.
fn yes_or_no(cell: &str) -> Result<Option<bool>, String> {
    match cell.to_lowercase().as_str() {
        "" => Ok(None),
        "1" | "true" | "yes" | "y" | "○" | "〇" | "はい" => Ok(Some(true)),
        "0" | "false" | "no" | "n" | "×" | "いいえ" => Ok(Some(false)),
        _ => Err(format!("in_scope is \"{cell}\": write 1 or 0")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_as_a_spreadsheet_saves_it() {
        let sheet = "\u{FEFF}段落ID,見出し,本文,項目コード一覧,細目,メモ\r\n\
                     a-1,経営 > 体制,'=会議を置く。,C02; C01,C02.committee,?\r\n\
                     ,,,,,\r\n\
                     a-2,,訓練した。,,,\r\n";
        let rows = rows(sheet.as_bytes()).unwrap();
        assert_eq!(
            rows,
            [
                (
                    2,
                    Ok(
                        json!({"id": "a-1", "headings": ["経営", "体制"], "text": "=会議を置く。", "in_scope": true,
                              "labels": ["C02", "C01"], "facets": ["C02.committee"]})
                    )
                ),
                (
                    4,
                    Ok(
                        json!({"id": "a-2", "headings": [], "text": "訓練した。", "in_scope": true,
                              "labels": [], "facets": []})
                    )
                ),
            ]
        );
    }

    #[test]
    fn shift_jis_and_separators_of_all_sorts() {
        let (bytes, ..) =
            encoding_rs::SHIFT_JIS.encode("id,コード,対象\n1,C01、C02 C03,○\n2,,×\n3,,\n4,,たぶん\n");
        let rows = rows(&bytes).unwrap();
        assert_eq!(
            rows[0].1,
            Ok(json!({"id": "1", "labels": ["C01", "C02", "C03"], "in_scope": true}))
        );
        assert_eq!(rows[1].1, Ok(json!({"id": "2", "labels": [], "in_scope": false})));
        assert_eq!(rows[2].1, Ok(json!({"id": "3", "labels": []})));
        assert_eq!(
            rows[3],
            (5, Err("in_scope is \"たぶん\": write 1 or 0".to_owned()))
        );
    }

    #[test]
    fn a_sheet_without_codes_is_told_what_it_lacks() {
        assert_eq!(
            rows(b"id,text\n1,a\n"),
            Err((
                1,
                "no column is called labels or codes or code or コード or 項目コード一覧".to_owned()
            ))
        );
    }
}
