//! What the reasons of documents say, in Japanese.
//!
//! A reason is made where something goes wrong, from the pipe of a worker to the end of a run, as clauses of English
//! between semicolons. Here each clause has its Japanese; what is not here (a message of the system) stays as it is.

use std::borrow::Cow;

/// Clauses and their Japanese. `*` stands for the same text on both sides, in the same order.
const CLAUSES: &[(&str, &str)] = &[
    // Pages
    ("page * could not be read", "*ページ目は読み取れません"),
    ("pages * could not be read", "*ページ目は読み取れません"),
    ("page * is damaged", "*ページ目は破損しています"),
    ("pages * are damaged", "*ページ目は破損しています"),
    (
        "page * has glyphs without characters",
        "*ページ目には、どの文字か分からない字形があります",
    ),
    (
        "pages * have glyphs without characters",
        "*ページ目には、どの文字か分からない字形があります",
    ),
    ("page * is a scan without text", "*ページ目は文字のない画像です"),
    ("pages * are scans without text", "*ページ目は文字のない画像です"),
    ("nothing is written on any page", "どのページにも文字がありません"),
    // The file
    ("no pages can be found in it", "ページが見つかりません"),
    (
        "* of * pages survive",
        "残っているのは*ページです（本来は*ページ）",
    ),
    (
        "the file is cut off: pages may be missing",
        "ファイルが途中で切れており、ページが欠けている可能性があります",
    ),
    (
        "what was on its pages is lost: fetch it again",
        "ページの中身が失われています。入手し直してください",
    ),
    (
        "it is cut off, and no page survives: fetch it again",
        "ファイルが途中で切れており、1ページも残っていません。入手し直してください",
    ),
    (
        "its page tree is lost: the pages that survive were read",
        "ページの一覧が失われており、残っているページを読みました",
    ),
    (
        "its end was mended: the place of its cross-reference table is missing",
        "ファイルの末尾を補って読みました（相互参照表の位置がありません）",
    ),
    (
        "its cross-reference table was mended",
        "相互参照表を作り直して読みました",
    ),
    (
        "bytes after its end were ignored",
        "ファイルの終わりより後のデータは無視しました",
    ),
    ("it is a folder", "フォルダーです"),
    ("there is no such file", "ファイルがありません"),
    ("it is empty (0 bytes)", "空のファイルです（0バイト）"),
    (
        "it is a web page (HTML), not a PDF: perhaps an error page was saved",
        "PDFでなくウェブページ（HTML）です。エラー画面を保存したのかもしれません",
    ),
    (
        "it is an XML or HTML file, not a PDF",
        "PDFでなくXMLまたはHTMLのファイルです",
    ),
    (
        "it is a ZIP archive or an Office document, not a PDF",
        "PDFでなくZIPまたはOfficeのファイルです",
    ),
    (
        "it does not begin as a PDF does (%PDF-)",
        "先頭がPDFのもの（%PDF-）ではありません",
    ),
    (
        "the file is larger than the memory allowed",
        "ファイルがメモリの上限より大きいため読めません",
    ),
    ("it cannot be read: *", "読み取れません（*）"),
    ("it opens only with a password", "開くにはパスワードが必要です"),
    (
        "it is encrypted with a method that is not supported",
        "対応していない方式で暗号化されています",
    ),
    ("its encryption is broken", "暗号化の情報が壊れています"),
    ("the reader gave up: *", "読み取りを中止しました（*）"),
    // The worker
    (
        "the first engine ran out of time on page *",
        "1つ目のエンジンは*ページ目で時間切れになりました",
    ),
    (
        "the first engine ran out of memory on page *",
        "1つ目のエンジンは*ページ目でメモリ不足になりました",
    ),
    (
        "the first engine crashed (*) on page *",
        "1つ目のエンジンは異常終了しました（*、*ページ目）",
    ),
    (
        "the reader ran out of time on page * of *",
        "*ページ目で時間切れになりました（全*ページ）",
    ),
    (
        "the reader ran out of memory on page * of *",
        "*ページ目でメモリ不足になりました（全*ページ）",
    ),
    (
        "the reader crashed (*) on page * of *",
        "異常終了しました（*、*ページ目、全*ページ）",
    ),
    (
        "the reader ran out of time on opening it",
        "ファイルを開くときに時間切れになりました",
    ),
    (
        "the reader ran out of memory on opening it",
        "ファイルを開くときにメモリ不足になりました",
    ),
    (
        "the reader crashed (*) on opening it",
        "ファイルを開くときに異常終了しました（*）",
    ),
    ("1 page was read", "1ページは読みました"),
    ("* pages were read", "*ページは読みました"),
    // The run
    ("the run was interrupted", "実行が中断されました"),
    (
        "the run was interrupted before this document",
        "この文書の前に実行が中断されました",
    ),
    (
        "the run ended before this document",
        "この文書の前に実行が終わりました",
    ),
    (
        "not obtained, as the manifest or --allow-missing says",
        "入手していません（マニフェストまたは --allow-missing による）",
    ),
    ("passage * could not be coded: *", "段落*は分類できません（*）"),
    (
        "the elements of quality could not be found: *",
        "良い開示の要素を探せません（*）",
    ),
    (
        "an internal error of mieruka; please report this document",
        "mieruka の内部エラーです。この文書をお知らせください",
    ),
];

/// A reason in Japanese.
pub fn reason_ja(reason: &str) -> String {
    let clauses = reason
        .split("; ")
        .map(|clause| translated(clause).map_or(Cow::Borrowed(clause), Cow::Owned));
    clauses.collect::<Vec<_>>().join("。")
}

fn translated(clause: &str) -> Option<String> {
    CLAUSES.iter().find_map(|(english, japanese)| {
        let filled = stars(clause, english)?;
        let mut out = String::new();
        let mut filled = filled.into_iter();
        for (place, piece) in japanese.split('*').enumerate() {
            if place > 0 {
                out.push_str(filled.next().unwrap_or_default());
            }
            out.push_str(piece);
        }
        Some(out)
    })
}

/// What stands for the stars of a pattern in a text, the shortest from the left; `None` when it is another text.
fn stars<'t>(text: &'t str, pattern: &str) -> Option<Vec<&'t str>> {
    let mut pieces = pattern.split('*');
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut found = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        // The last piece is an end, and an empty one takes all.
        let at = match pieces.peek() {
            None => rest
                .len()
                .checked_sub(piece.len())
                .filter(|_| rest.ends_with(piece))?,
            Some(_) => rest.find(piece)?,
        };
        let (star, tail) = rest.split_at_checked(at)?;
        found.push(star);
        rest = tail.get(piece.len()..)?;
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn clauses_are_put_into_japanese_with_their_numbers() {
        for (english, japanese) in [
            ("", ""),
            ("pages 2–4, 9 are damaged", "2–4, 9ページ目は破損しています"),
            (
                "the first engine crashed (SIGSEGV) on page 3; page 3 could not be read",
                "1つ目のエンジンは異常終了しました（SIGSEGV、3ページ目）。3ページ目は読み取れません",
            ),
            (
                "the reader ran out of time on page 2 of 3; 1 page was read",
                "2ページ目で時間切れになりました（全3ページ）。1ページは読みました",
            ),
            (
                "1 of 9 pages survive",
                "残っているのは1ページです（本来は9ページ）",
            ),
            (
                "it cannot be read: Is a pipe (os error 9)",
                "読み取れません（Is a pipe (os error 9)）",
            ),
            ("something else", "something else"),
        ] {
            assert_eq!(reason_ja(english), japanese);
        }
    }

    #[test]
    fn both_sides_have_as_many_stars_and_no_clause_hides_another() {
        for (place, (english, japanese)) in CLAUSES.iter().enumerate() {
            assert_eq!(
                english.matches('*').count(),
                japanese.matches('*').count(),
                "{english}"
            );
            let first = CLAUSES
                .iter()
                .position(|(other, _)| stars(english, other).is_some());
            assert_eq!(first, Some(place), "{english}");
        }
    }

    proptest! {
        #[test]
        fn no_reason_makes_it_panic(text in "[a-c;* あ]{0,12}", pattern in "[ab* あ]{0,8}") {
            reason_ja(&text);
            stars(&text, &pattern);
        }
    }
}
