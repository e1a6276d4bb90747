//! CSV lists of companies and documents, as Excel and people write them.

use encoding_rs::{SHIFT_JIS, UTF_16BE, UTF_16LE};

use super::classifications::name_key;
use super::problem::{Report, quoted};
use super::record::{Field, Record, Scalar};

/// A column of a list: its id and the headings that mean it.
pub(crate) struct Column {
    /// The key of the manifest.
    pub(crate) id: &'static str,
    /// Japanese and other headings.
    pub(crate) headings: &'static [&'static str],
}

/// What a list may hold and must hold.
pub(crate) struct Layout {
    columns: &'static [Column],
    /// Ids without which a list is refused.
    required: &'static [&'static str],
}

const fn column(id: &'static str, headings: &'static [&'static str]) -> Column {
    Column { id, headings }
}

/// A list of companies.
pub(crate) const COMPANIES: Layout = Layout {
    columns: COMPANY_COLUMNS,
    required: &["code", "name", "industry"],
};

/// A list of companies for a first manifest, in which industries may still be unknown.
pub(crate) const COMPANIES_AT_FIRST: Layout = Layout {
    columns: COMPANY_COLUMNS,
    required: &["code", "name"],
};

/// A list of documents.
pub(crate) const DOCUMENTS: Layout = Layout {
    columns: DOCUMENT_COLUMNS,
    required: &["code", "path", "kind", "fiscal_year"],
};

const COMPANY_COLUMNS: &[Column] = &[
    column("code", &["証券コード", "コード", "銘柄コード", "security_code"]),
    column("name", &["会社名", "企業名", "社名", "名称", "銘柄名", "company"]),
    column("industry", &["業種", "日経業種", "日経36業種", "nikkei_industry"]),
    column("tse33", &["東証33業種", "33業種", "33業種区分", "東証業種"]),
    column("employees", &["従業員数", "従業員"]),
    column("capital", &["資本金", "資本金（円）"]),
    column("market_segment", &["市場区分", "市場", "上場市場"]),
    column("aliases", &["別名", "別称", "略称"]),
    column("note", &["備考", "メモ", "注"]),
];

const DOCUMENT_COLUMNS: &[Column] = &[
    column(
        "code",
        &[
            "証券コード",
            "コード",
            "銘柄コード",
            "company_code",
            "company",
            "security_code",
        ],
    ),
    column("path", &["ファイル", "ファイル名", "パス", "file"]),
    column("kind", &["報告書の種類", "種類", "種別", "報告書", "報告書種別"]),
    column("fiscal_year", &["年度", "会計年度", "対象年度", "事業年度"]),
    column("published", &["公表日", "発行日", "発行年月日", "提出日"]),
    column("url", &["入手先", "リンク"]),
    column("sha256", &["ハッシュ", "ハッシュ値", "SHA-256"]),
    column("status", &["状態", "ステータス", "入手状況"]),
    column("company_name", &["会社名", "企業名", "社名", "名称", "銘柄名"]),
    column("note", &["備考", "メモ", "注"]),
];

/// Decodes a list: UTF-8 with or without BOM, UTF-16 with BOM, or Shift_JIS (CP932) as Excel saves it.
///
/// # Errors
/// The line, counted from 1, on which the text is in none of these.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, usize> {
    let (encoding, rest) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (None, rest),
        [0xFF, 0xFE, rest @ ..] => (Some(UTF_16LE), rest),
        [0xFE, 0xFF, rest @ ..] => (Some(UTF_16BE), rest),
        rest => (None, rest),
    };
    if let Some(encoding) = encoding {
        let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
        return text.map(|t| t.into_owned()).ok_or(1);
    }
    match std::str::from_utf8(rest) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => match SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => Ok(text.into_owned()),
            None => {
                let before = rest.get(..error.valid_up_to()).unwrap_or_default();
                Err(1 + before.iter().filter(|b| **b == b'\n').count())
            }
        },
    }
}

/// Reads the rows of a decoded list.
pub(crate) fn rows(text: &str, layout: &Layout, file: usize, report: &mut Report) -> Vec<Record> {
    let (skipped, text) = without_separator_line(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut headings: Option<Vec<Option<&'static str>>> = None;
    let mut records = Vec::new();
    let mut row = csv::StringRecord::new();
    // The text is valid UTF-8 and rows may be of any length, so that a row cannot fail.
    while reader.read_record(&mut row).unwrap_or(false) {
        let line = skipped + row.position().map_or(1, |place| line_of(place, text));
        let cells: Vec<String> = row.iter().map(plain_cell).collect();
        if cells.iter().all(|c| c.is_empty()) {
            continue;
        }
        match &headings {
            None => match read_headings(&cells, layout, file, line, report) {
                Some(found) => headings = Some(found),
                None => return records,
            },
            Some(found) => records.extend(record(&cells, found, file, line, report)),
        }
    }
    if headings.is_none() {
        let place = report.line(file, 0);
        report.error(
            place,
            "the list is empty",
            format!("write a first row of headings: {}", layout.required.join(",")),
        );
    }
    records
}

/// The line of a row, counted from 1.
///
/// The reader's own count is one short where lines end in CRLF, as Excel ends them: a row then begins at the LF.
pub(crate) fn line_of(place: &csv::Position, text: &str) -> usize {
    let rest = usize::try_from(place.byte())
        .ok()
        .and_then(|byte| text.get(byte..));
    let begin = rest.map_or(text.len(), |rest| {
        text.len() - rest.trim_start_matches(['\r', '\n']).len()
    });
    1 + text.as_bytes()[..begin]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
}

/// Excel's hint `sep=,` on the first line is no row.
fn without_separator_line(text: &str) -> (usize, &str) {
    match text.split_once('\n') {
        Some((first, rest)) if first.trim().to_ascii_lowercase().starts_with("sep=") => (1, rest),
        _ => (0, text),
    }
}

/// Comma; a tab where the first row has tabs and no comma (Excel's "Unicode text").
pub(crate) fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    if first.contains('\t') && !first.contains(',') {
        b'\t'
    } else {
        b','
    }
}

/// A cell without the dress that spreadsheets put on text: `="0123"`, `'0123`, white space.
fn plain_cell(cell: &str) -> String {
    let cell = cell.trim();
    let cell = cell
        .strip_prefix("=\"")
        .and_then(|c| c.strip_suffix('"'))
        .unwrap_or(cell);
    cell.strip_prefix('\'').unwrap_or(cell).trim().to_owned()
}

/// The ids of the columns in the order of the list.
fn read_headings(
    cells: &[String],
    layout: &Layout,
    file: usize,
    line: usize,
    report: &mut Report,
) -> Option<Vec<Option<&'static str>>> {
    let place = report.line(file, line);
    let columns = layout.columns;
    let mut ids_found: Vec<Option<&'static str>> = Vec::new();
    for cell in cells {
        let wanted = name_key(cell);
        let fits = |h: &&str| name_key(h) == wanted;
        let found = columns
            .iter()
            .find(|c| fits(&c.id) || c.headings.iter().any(fits));
        if let Some(column) = found.filter(|c| ids_found.contains(&Some(c.id))) {
            report.error(
                place,
                format!("the column {} stands twice", quoted(cell)),
                format!("keep one column for {}", column.id),
            );
        } else if found.is_none() && !cell.is_empty() {
            let known: Vec<&str> = columns
                .iter()
                .flat_map(|c| std::iter::once(c.id).chain(c.headings.iter().copied()))
                .collect();
            let cure = match super::problem::nearest(cell, known.iter().copied()) {
                Some(near) => format!(
                    "did you mean {}? notes may stand in a column \"note\" (備考)",
                    quoted(near)
                ),
                None => format!(
                    "the columns are: {}; notes may stand in a column \"note\" (備考)",
                    columns.iter().map(|c| c.id).collect::<Vec<_>>().join(", ")
                ),
            };
            report.error(place, format!("unknown column {}", quoted(cell)), cure);
        }
        ids_found.push(found.map(|c| c.id));
    }
    let missing: Vec<String> = columns
        .iter()
        .filter(|c| layout.required.contains(&c.id) && !ids_found.contains(&Some(c.id)))
        .map(|c| format!("{} ({})", c.id, c.headings.first().copied().unwrap_or_default()))
        .collect();
    if missing.is_empty() {
        return Some(ids_found);
    }
    let cure = format!(
        "the first row holds the headings, e.g. {}",
        layout.required.join(",")
    );
    report.error(place, format!("no column {}", missing.join(", ")), cure);
    None
}

fn record(
    cells: &[String],
    headings: &[Option<&'static str>],
    file: usize,
    line: usize,
    report: &mut Report,
) -> Option<Record> {
    let place = report.line(file, line);
    let stray = cells
        .iter()
        .enumerate()
        .find(|(i, c)| !c.is_empty() && headings.get(*i).copied().flatten().is_none());
    // A cell below an unknown heading was reported with the heading.
    if let Some((i, cell)) = stray.filter(|(i, _)| *i >= headings.len()) {
        report.error(
            place,
            format!("cell {} ({}) has no heading", i + 1, quoted(cell)),
            "put a value that contains a comma in double quotes, or give the column a heading",
        );
        return None;
    }
    let fields = headings
        .iter()
        .zip(cells)
        .filter_map(|(id, cell)| {
            Some((
                (*id)?.to_owned(),
                Field {
                    place,
                    value: Scalar::Text(cell.clone()),
                },
            ))
        })
        .collect();
    Some(Record {
        what: "this row",
        place,
        fields,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, layout: &Layout) -> (Vec<Record>, Vec<String>) {
        let mut report = Report::default();
        let file = report.add_file("list.csv", text);
        let records = rows(text, layout, file, &mut report);
        let problems = report.finish().err().map_or_else(Vec::new, |e| e.problems);
        (
            records,
            problems
                .into_iter()
                .map(|p| format!("{}: {}: {}", p.line.unwrap_or(0), p.message, p.cure))
                .collect(),
        )
    }

    fn cell(record: &Record, key: &str) -> String {
        match &record.fields[key].value {
            Scalar::Text(text) => text.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_excel_does_to_a_list_is_undone() {
        let text = "sep=,\r\n証券コード,会社名,業種,備考,,\r\n=\"0123\",ぷらっと製薬,医薬品,,,\r\n\
                    \"=\"\"285A\"\"\",\"あ,い\",化学,x,,\r\n'4901,う,化学\r\n,,,,,\r\n\r\n";
        let (records, problems) = read(text, &COMPANIES);
        assert_eq!(problems, Vec::<String>::new());
        let codes: Vec<String> = records.iter().map(|r| cell(r, "code")).collect();
        assert_eq!(codes, ["0123", "285A", "4901"]);
        assert_eq!(cell(&records[1], "name"), "あ,い");
    }

    #[test]
    fn lists_are_decoded_whatever_excel_saved() {
        let text = "code,name,industry\n4901,表示会社①,化学\n";
        let (cp932, _, unmappable) = SHIFT_JIS.encode(text);
        assert!(!unmappable);
        assert_eq!(decode(&cp932).as_deref(), Ok(text));
        assert_eq!(decode(text.as_bytes()).as_deref(), Ok(text));
        assert_eq!(decode(format!("\u{FEFF}{text}").as_bytes()).as_deref(), Ok(text));
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(decode(&utf16).as_deref(), Ok(text));
        assert_eq!(decode(b"code\n\x81\x00\xff\xfe"), Err(2));
    }

    #[test]
    fn unicode_text_of_excel_has_tabs() {
        let (records, problems) = read("code\tname\tindustry\n4901\tあ\t化学\n", &COMPANIES);
        assert_eq!((records.len(), problems.len()), (1, 0));
    }

    #[test]
    fn headings_are_explained() {
        let (_, problems) = read("証券コード,会社名,業主\n4901,あ,化学\n", &COMPANIES);
        assert_eq!(
            problems,
            [
                "1: unknown column \"業主\": did you mean \"業種\"? notes may stand in a column \"note\" (備考)",
                "1: no column industry (業種): the first row holds the headings, e.g. code,name,industry",
            ]
        );
        let (_, problems) = read("code,コード,name,industry\n", &COMPANIES);
        assert_eq!(
            problems,
            ["1: the column \"コード\" stands twice: keep one column for code"]
        );
        let (_, problems) = read("\n\n", &DOCUMENTS);
        assert_eq!(
            problems,
            ["0: the list is empty: write a first row of headings: code,path,kind,fiscal_year"]
        );
    }

    #[test]
    fn rows_are_counted_whatever_ends_a_line() {
        for end in ["\n", "\r\n"] {
            let text = [
                "sep=,",
                "code,name,industry",
                "",
                "4901,\"い",
                "ろ\",化学",
                "4902,は,化学,x",
                "4903,に,化学,y",
            ]
            .join(end);
            let (records, problems) = read(&text, &COMPANIES);
            assert_eq!(records.len(), 1);
            let lines: Vec<_> = problems.iter().map(|p| p.split_once(':').unwrap().0).collect();
            assert_eq!(lines, ["6", "7"], "{problems:?}");
        }
    }

    #[test]
    fn a_comma_too_many_is_found() {
        let (_, problems) = read("code,name,industry\n4901,あ,い,化学\n", &COMPANIES);
        assert_eq!(
            problems,
            [
                "2: cell 4 (\"化学\") has no heading: put a value that contains a comma in double quotes, \
              or give the column a heading"
            ]
        );
    }
}
