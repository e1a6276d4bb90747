//! Program listings: lines of code that stand together are one piece, however short each is.

use super::line::Line;

/// So many lines of code in a row are a listing; one or two may be quoted in running text.
const LEAST: usize = 3;

/// For each line, whether it goes on with the listing of the line before.
pub(super) fn continued(lines: &[&Line]) -> Vec<bool> {
    let mut code: Vec<bool> = Vec::with_capacity(lines.len());
    let mut quoted = false;
    for line in lines {
        if !quoted && !may_be_code(line) {
            code.push(false);
            continue;
        }
        let text = line.text();
        let marks = text.matches('"').count() % 2 == 1;
        let wrapped = quoted && marks && code.last() == Some(&true);
        code.push(wrapped || is_code(&text));
        // A string that is still open goes on in the next line.
        quoted = marks && !wrapped;
    }
    let mut out = vec![false; lines.len()];
    let mut from = 0;
    while from < code.len() {
        let length = code.iter().skip(from).take_while(|c| **c).count();
        if length >= LEAST {
            out.iter_mut()
                .skip(from + 1)
                .take(length - 1)
                .for_each(|c| *c = true);
        }
        from += length.max(1);
    }
    out
}

/// A look at its ends, which tell that nearly all lines are none.
fn may_be_code(line: &Line) -> bool {
    let begins = line
        .first_text()
        .trim_start()
        .starts_with(['{', '}', '[', ']', '"', '<']);
    let last = line.parts.last().map_or("", |p| p.text.as_str());
    begins || last.trim_end().ends_with([';', '{'])
}

/// Is a listing cut off, with brackets open?
pub(super) fn is_open(text: &str) -> bool {
    let count = |marks: [char; 2]| text.chars().filter(|c| marks.contains(c)).count();
    count(['{', '[']) > count(['}', ']'])
}

/// A line of a structured notation: it begins with a bracket, a quoted key or a tag, or ends as a statement does.
fn is_code(text: &str) -> bool {
    let text = text.trim();
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else {
        return false;
    };
    let bracket = matches!(first, '{' | '}' | '[' | ']') && matches!(last, '{' | '}' | '[' | ']' | ',' | ';');
    let key = first == '"' && (text.contains("\":") || text.contains("\" :"));
    let value = first == '"' && (text.ends_with("\",") || text.ends_with('"') && !text.contains(' '));
    let tag = first == '<'
        && last == '>'
        && text
            .chars()
            .nth(1)
            .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    let statement = matches!(last, ';' | '{') && text.is_ascii();
    bracket || key || value || tag || statement
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_are_told_from_sentences() {
        for code in [
            "{",
            "},",
            "\"count\": 2",
            "\"name\": \"架空製作所\",",
            "<item id=\"1\">",
            "return total;",
        ] {
            assert!(is_code(code), "{code}");
        }
        for text in [
            "[1] 架空製作所の報告",
            "\"Zero trust\" とは",
            "＜今後の課題＞",
            "a) 方針",
            "第1条",
        ] {
            assert!(!is_code(text), "{text}");
        }
    }
}
