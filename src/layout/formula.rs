//! Formulas set over several lines: fractions, factors beside them.

use super::line::Line;

/// Lines this far (em) above or below an operator belong to its formula.
const REACH: f32 = 1.7;

/// For each line, whether it goes on with the formula of the line before.
pub(super) fn continued(lines: &[&Line]) -> Vec<bool> {
    let mut out = vec![false; lines.len()];
    for (at, operator) in lines.iter().enumerate().filter(|(_, l)| is_operator(l)) {
        let near = |l: &&&Line| belongs(l, operator);
        let before = lines.iter().take(at).rev().take_while(near).count();
        let after = lines.iter().skip(at + 1).take_while(near).count();
        let from = at - before;
        out.iter_mut()
            .skip(from + 1)
            .take(before + after)
            .for_each(|c| *c = true);
    }
    out
}

/// The line begins with a sign of reckoning, or is one.
fn is_operator(line: &Line) -> bool {
    let text = line.first_text().trim_start();
    text.starts_with(['×', '÷', '＋', '＝']) && is_term(line)
}

/// A short expression: no sentence, no row of a table.
fn is_term(line: &Line) -> bool {
    let prose = line
        .parts
        .iter()
        .any(|p| p.text.contains(['。', '、', '（', '「']));
    !line.aslant && line.ink < 40 && line.parts.len() <= 2 && !prose
}

fn belongs(line: &Line, operator: &Line) -> bool {
    let em = operator.size;
    let kin =
        line.frame == operator.frame && line.cell == operator.cell && (line.size - em).abs() < 0.12 * em;
    kin && is_term(line) && (line.v - operator.v).abs() < REACH * em
}
