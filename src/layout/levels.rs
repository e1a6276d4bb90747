//! How the headings of a document nest.

use super::marks::Style;
use super::paragraph::Piece;

/// What a document's text looks like where nothing is emphasised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain {
    /// Prevailing size.
    pub size: f32,
    /// The body itself is bold: boldness then says nothing.
    pub bold: bool,
}

/// A heading in force.
#[derive(Debug, Clone, Copy)]
struct Open {
    style: Option<Style>,
    value: u32,
    /// The number stands in full-width brackets: some reports set (1) over （１）.
    wide: bool,
    size: f32,
    bold: bool,
    /// Clearly larger than the text.
    large: bool,
    /// A numbered financial statement: the notes that follow it are not its own.
    statement: bool,
}

/// The headings in force, outermost first. How styles nest is learnt as the document goes: a style that is new under
/// the headings in force is deeper; one that is already in force closes everything down to it.
#[derive(Debug, Default)]
pub(super) struct Levels {
    open: Vec<Open>,
}

impl Levels {
    /// Opens the heading and gives its level. `under_heading`: nothing stands between it and the heading before.
    pub fn place(&mut self, p: &Piece, plain: Plain, under_heading: bool) -> u8 {
        let style = p.mark.map(|m| m.style);
        let value = p.mark.map_or(0, |m| m.value);
        let wide = p.text.trim_start().starts_with('（');
        let large = p.size > 1.15 * plain.size;
        let new = Open {
            style,
            value,
            wide,
            size: p.size,
            bold: p.bold && !plain.bold,
            large,
            statement: is_statement(&p.text),
        };
        let next = |o: &Open| o.style == style && style.is_some() && value > 1 && value == o.value + 1;
        let peer = |o: &Open| o.is_peer(&new) && (o.wide == wide || new.is_skeleton());
        let at = self.open.iter().rposition(peer);
        match at.or_else(|| self.open.iter().rposition(next)) {
            Some(at) => self.open.truncate(at),
            None => self.close_for(&new, under_heading),
        }
        self.open.push(new);
        u8::try_from(self.open.len()).unwrap_or(u8::MAX)
    }

    /// Closes what cannot be above a heading of a style that is not in force.
    fn close_for(&mut self, new: &Open, under_heading: bool) {
        if new.style == Some(Style::Bracket) {
            return self.close_for_label(new, under_heading);
        }
        while let Some(top) = self.open.last() {
            let smaller = top.size < 0.93 * new.size;
            let counts_on = new.value > 1 && new.style != Some(Style::CircledBracket);
            let outer = match (top.style, new.style) {
                // ③【…】 goes on with the ②【…】 that an unnumbered 【…】 closed.
                (Some(Style::Bracket), Some(Style::CircledBracket)) => new.value > 1,
                // The fixed skeleton of a report, and a number that does not begin a count: by usual rank.
                (Some(a), Some(b)) => a > b && (b <= Style::NoteTitle || counts_on),
                // An unnumbered heading of the same size stands under a number, never over one that goes on.
                (None, Some(b)) => top.size < 1.07 * new.size && (b <= Style::NoteTitle || counts_on),
                _ => false,
            };
            let document = new.style.is_some_and(|s| s <= Style::Chapter);
            if !(smaller || outer || document) {
                break;
            }
            self.open.pop();
        }
    }

    /// 【…】 without a number closes ④【…】 and (4)【…計算書】, unless it is a part of it, and stands as a label under plain numbers:
    /// those go on after it.
    fn close_for_label(&mut self, new: &Open, under_heading: bool) {
        let ended = |o: &Open| {
            o.style == Some(Style::CircledBracket) || o.statement && o.style == Some(Style::ParenBracket)
        };
        if !under_heading && let Some(at) = self.open.iter().position(ended) {
            self.open.truncate(at);
        }
        let lower = |o: &Open| o.size < 0.93 * new.size || o.style.is_none() && o.size < 1.07 * new.size;
        while self.open.last().is_some_and(lower) {
            self.open.pop();
        }
    }
}

/// A heading that names a financial statement: …計算書】, …貸借対照表】.
fn is_statement(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with("計算書】") || text.ends_with("貸借対照表】")
}

impl Open {
    fn is_peer(&self, other: &Open) -> bool {
        let sized = (self.size - other.size).abs() < 0.06 * self.size;
        // Where titles are set large, size tells the level and numbers come and go.
        let visual = self.large
            && other.large
            && self.bold == other.bold
            && (self.size - other.size).abs() < 0.03 * self.size;
        // The third level of the fixed skeleton is never closed by a title without a number.
        let closes = !self.is_skeleton() || self.style.is_some_and(|s| s < Style::NumberBracket);
        visual && closes && (self.style.is_none() || other.style.is_none())
            || self.style == other.style && sized && (self.style.is_some() || self.bold == other.bold)
            || self.style == other.style && (self.is_skeleton() || self.style == Some(Style::NoteTitle))
    }

    /// Part of the fixed skeleton of a report.
    fn is_skeleton(&self) -> bool {
        self.style.is_some_and(|s| s <= Style::CircledBracket)
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::Frame;
    use super::super::marks;
    use super::super::paragraph::Role;
    use super::*;

    fn paths(headings: &[(&str, bool)]) -> Vec<u8> {
        let plain = Plain {
            size: 10.0,
            bold: false,
        };
        let mut levels = Levels::default();
        let place = |(text, under): &(&str, bool)| {
            let piece = Piece {
                page: 1,
                frame: Frame(crate::extract::Direction::Right),
                role: Role::Text,
                text: (*text).to_owned(),
                area: [50.0, 100.0, 300.0, 110.0],
                size: 10.0,
                bold: false,
                mark: marks::mark(text),
                lines: 1,
                first: 50.0,
                left: 50.0,
                gap_above: 1.0,
                open_end: false,
                open_start: false,
            };
            levels.place(&piece, plain, *under)
        };
        headings.iter().map(place).collect()
    }

    #[test]
    fn a_numbered_section_in_brackets_outranks_plain_numbers() {
        let got = paths(&[
            ("４【コーポレート・ガバナンスの状況等】", false),
            ("(1)【コーポレート・ガバナンスの概要】", true),
            ("９．財務報告の信頼性を確保するための体制", false),
            ("(2)【役員の状況】", false),
        ]);
        assert_eq!(got, [1, 2, 3, 2]);
    }

    #[test]
    fn a_label_in_brackets_does_not_end_the_count_around_it() {
        let got = paths(&[
            ("(5)【株式の保有状況】", false),
            ("②政策保有株式", false),
            ("ロ．保有方針", false),
            ("【検証の内容】", false),
            ("ハ．銘柄ごとの株式数", false),
            ("③純投資目的の株式", false),
        ]);
        assert_eq!(got, [1, 2, 3, 4, 3, 2]);
    }

    #[test]
    fn statements_in_brackets_stand_under_their_number_or_end_it() {
        let got = paths(&[
            ("（１）【連結財務諸表】", false),
            ("②【連結損益計算書及び連結包括利益計算書】", true),
            ("【連結損益計算書】", true),
            ("【連結包括利益計算書】", false),
            ("③【連結株主資本等変動計算書】", false),
            ("【注記事項】", false),
            ("（２）【その他】", false),
        ]);
        assert_eq!(got, [1, 2, 3, 3, 2, 2, 1]);
    }

    #[test]
    fn the_notes_stand_beside_the_statements_of_a_quarter() {
        let got = paths(&[
            ("１【四半期連結財務諸表】", false),
            ("(1)【四半期連結貸借対照表】", true),
            ("(2)【四半期連結損益計算書及び四半期連結包括利益計算書】", false),
            ("【四半期連結損益計算書】", true),
            ("【四半期連結包括利益計算書】", false),
            ("(3)【四半期連結キャッシュ・フロー計算書】", false),
            ("【注記事項】", false),
            ("２【その他】", false),
        ]);
        assert_eq!(got, [1, 2, 2, 3, 3, 2, 2, 1]);
    }

    #[test]
    fn the_name_of_a_note_closes_the_numbers_of_the_note_before() {
        let got = paths(&[
            ("【注記事項】", false),
            ("（連結貸借対照表関係）", false),
            ("３．借入金の帳簿価額", false),
            ("（リース取引関係）", false),
        ]);
        assert_eq!(got, [1, 2, 3, 2]);
    }
}
