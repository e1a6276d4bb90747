//! The first sheet: what the workbook is, what made it, and how it is read.

use rust_xlsxwriter::{Format, FormatAlign, Url, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::super::Lang;
use super::super::cell::one_line;
use super::super::html::About;
use super::sheet::{CAUTION, height_of, lines_of, on_paper};
use crate::provenance::{Counts, ENGINES};

/// Both columns, wide enough for a checksum.
const WIDTHS: [f64; 2] = [30.0, 80.0];

/// How the tables are read, in Japanese and English.
const HOW_TO_READ: [(&str, &str); 5] = [
    (
        "空欄は 0 ではありません。読めなかった文書があって判断できないことを示します。率の母数に入りません。",
        "Blank is not 0: something could not be read, so nothing can be said. Rates leave blanks out.",
    ),
    (
        "企業比較表の数は該当箇所（段落）の数です。クリックすると最初の該当箇所に移ります。",
        "A number in the comparison of companies counts passages; it leads to the first of them.",
    ),
    (
        "該当箇所の「開始ページ」をクリックすると、PDF のそのページを開きます（PDF をこのファイルから見て同じ場所に置いている間）。",
        "The first page of a passage opens the PDF at that page, as long as the PDF lies where it was.",
    ),
    (
        "開示率の区間は 95 % の Wilson 区間です。母数が少ない群は「少数」が 1 です。",
        "Intervals are 95 % Wilson intervals; groups with a small base are marked in the column small.",
    ),
    (
        "同じ入力からは同じファイルができます。そのため作成日時は入っていません（ファイルの日付を見てください）。",
        "The same input gives the same file; it holds no time of writing (look at the file's own date).",
    ),
];

/// Writes the cover.
///
/// # Arguments
/// * `titles` - the names of the other sheets.
pub(super) fn fill(
    worksheet: &mut Worksheet,
    about: &About,
    titles: &[String],
    lang: Lang,
) -> Result<(), XlsxError> {
    worksheet.set_name(lang.pick("表紙", "cover"))?;
    for (place, width) in (0u16..).zip(WIDTHS) {
        worksheet.set_column_width(place, width)?;
    }
    let big = Format::new().set_bold().set_font_size(16);
    let bold = Format::new().set_bold().set_align(FormatAlign::Top);
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let (ja, en) = about.scheme.title();
    let title = lang.pick(format!("{ja}の比較表"), format!("{en} compared"));
    worksheet.set_row_height(0, 26)?;
    worksheet.write_string_with_format(0, 0, title, &big)?;
    on_paper(worksheet);
    let mut row = 2;
    for (name, value) in facts(about, lang) {
        worksheet.write_string(row, 0, &name)?;
        worksheet.write_string(row, 1, one_line(&value))?;
        row += 1;
    }
    row += 1;
    worksheet.write_string_with_format(row, 0, lang.pick("読み方", "How to read"), &bold)?;
    let caution = about.scheme.is_of_the_guide().then_some(CAUTION);
    for (ja, en) in HOW_TO_READ.into_iter().chain(caution) {
        let text = lang.pick(ja, en);
        worksheet.write_string_with_format(row, 1, text, &wrapped)?;
        worksheet.set_row_height(row, height_of(lines_of(text.width(), WIDTHS[1] as usize)))?;
        row += 1;
    }
    row += 1;
    worksheet.write_string_with_format(row, 0, lang.pick("シート", "Sheets"), &bold)?;
    for title in titles {
        worksheet.write_url(row, 1, Url::new(format!("internal:'{title}'!A1")).set_text(title))?;
        row += 1;
    }
    Ok(())
}

/// What went in, and which versions.
fn facts(about: &About, lang: Lang) -> Vec<(String, String)> {
    let Counts {
        companies,
        documents,
        documents_incomplete: failed,
        pages,
        passages,
        passages_in_scope: in_scope,
        ..
    } = about.counts;
    let read = lang.pick(
        format!(
            "{companies}社、{documents}文書（うち読めない、または一部のみ {failed}）、{pages}ページ、{passages}段落（うち対象 {in_scope}）"
        ),
        format!(
            "{companies} companies, {documents} documents ({failed} of them not or not wholly read), {pages} pages, \
             {passages} passages ({in_scope} in scope)"
        ),
    );
    let mut facts = vec![
        (lang.pick("コーパス", "corpus").to_owned(), about.corpus.clone()),
        (lang.pick("読んだもの", "read").to_owned(), read),
        (
            lang.pick("コーディング規則", "scheme").to_owned(),
            format!(
                "{} {}",
                about.scheme.id,
                lang.pick(&about.scheme.ja, &about.scheme.en)
            ),
        ),
        ("mieruka".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
    ];
    if about.interrupted {
        let stopped = lang.pick("実行は途中で止められました", "the run was stopped before its end");
        facts.insert(2, (lang.pick("注意", "note").to_owned(), stopped.to_owned()));
    }
    facts.extend(
        ENGINES
            .iter()
            .map(|(name, version)| ((*name).to_owned(), (*version).to_owned())),
    );
    let sums = about.manifest.iter().cloned();
    facts.extend(sums.map(|(path, sum)| (path, format!("SHA-256 {sum}"))));
    let sources = about.sources.0.iter();
    facts.extend(sources.map(|source| (source.name.clone(), format!("SHA-256 {}", source.sha256))));
    facts
}
