//! Every column of every table, named once: id, Japanese heading, type.

use std::borrow::Cow;

use polars::prelude::{DataType, Expr, col};

/// What the cells of a column are, and so how every export writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// Text. Security codes are text too.
    Text,
    /// A whole number.
    Count,
    /// 1, 0 or blank.
    Flag,
    /// A fraction between 0 and 1.
    Rate,
    /// A difference of two rates, between -1 and 1.
    Change,
    /// A probability that may be very small.
    Probability,
    /// A statistic of a test.
    Statistic,
    /// Any other number with a fraction.
    Number,
    /// A number as a report tells it, with all its digits.
    Figure,
}

impl ColumnKind {
    /// How polars stores it.
    pub(crate) fn dtype(self) -> DataType {
        match self {
            ColumnKind::Text => DataType::String,
            ColumnKind::Count | ColumnKind::Flag => DataType::Int64,
            _ => DataType::Float64,
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// English snake_case id: the heading by default, and the name for software.
    pub id: Cow<'static, str>,
    /// Japanese heading.
    pub ja: Cow<'static, str>,
    /// What its cells are.
    pub kind: ColumnKind,
}

impl Column {
    const fn new(id: &'static str, ja: &'static str, kind: ColumnKind) -> Self {
        Column {
            id: Cow::Borrowed(id),
            ja: Cow::Borrowed(ja),
            kind,
        }
    }

    /// A column whose name only the run knows: a code of the scheme.
    pub(crate) fn named(id: &str, ja: &str, kind: ColumnKind) -> Self {
        Column {
            id: Cow::Owned(id.to_owned()),
            ja: Cow::Owned(ja.to_owned()),
            kind,
        }
    }

    /// The column in a polars expression.
    pub(crate) fn expr(&self) -> Expr {
        col(&*self.id)
    }
}

macro_rules! columns {
    ($($name:ident = $id:literal, $ja:literal, $kind:ident;)*) => {
        $(#[doc = concat!("`", $id, "` (", $ja, ")")]
        pub const $name: Column = Column::new($id, $ja, ColumnKind::$kind);)*
        /// Every column that does not depend on the scheme.
        pub const ALL: &[Column] = &[$($name),*];
    };
}

columns! {
    FISCAL_YEAR = "fiscal_year", "年度", Count;
    COMPANY_CODE = "company_code", "証券コード", Text;
    COMPANY = "company", "企業名", Text;
    INDUSTRY = "industry", "業種", Text;
    SECTOR = "sector", "セクター", Text;
    KIND = "kind", "報告書の種類", Text;
    REGIME = "regime", "制度・任意", Text;
    CODE = "code", "項目コード", Text;
    CATEGORY = "category", "項目", Text;
    CATEGORY_EN = "category_en", "項目（英語）", Text;
    PATH = "path", "ファイル", Text;
    SHA256 = "sha256", "SHA-256", Text;
    PAGES = "pages", "ページ数", Count;
    PAGES_OK = "pages_ok", "読めたページ数", Count;
    ENGINE = "engine", "抽出エンジン", Text;
    STATUS = "status", "状態", Text;
    REASON = "reason", "理由（英語）", Text;
    REASON_JA = "reason_ja", "理由", Text;
    CHARS = "chars", "文字数", Count;
    PASSAGES = "passages", "該当箇所数", Count;
    ALL_PASSAGES = "passages", "段落数", Count;
    PASSAGES_IN_SCOPE = "passages_in_scope", "対象段落数", Count;
    PASSAGE_ID = "passage_id", "段落ID", Text;
    FIRST_PAGE = "first_page", "開始ページ", Count;
    LAST_PAGE = "last_page", "終了ページ", Count;
    HEADINGS = "headings", "見出し", Text;
    TEXT = "text", "本文", Text;
    CODES = "codes", "項目コード一覧", Text;
    FACETS = "facets", "細目", Text;
    FACET = "facet", "細目コード", Text;
    FACET_JA = "facet_ja", "細目の名称", Text;
    FACET_EN = "facet_en", "細目の名称（英語）", Text;
    EVIDENCE = "evidence", "根拠", Text;
    DISCLOSED = "disclosed", "開示", Flag;
    DOCUMENTS_EXPECTED = "documents_expected", "対象文書数", Count;
    DOCUMENTS_READ = "documents_read", "読めた文書数", Count;
    DOCUMENTS_PARTIAL = "documents_partial", "一部のみ読めた文書数", Count;
    DOCUMENTS_DISCLOSING = "documents_disclosing", "開示文書数", Count;
    FIRST_PATH = "first_path", "初出ファイル", Text;
    QUOTE = "quote", "引用", Text;
    CATEGORIES_DISCLOSED = "categories_disclosed", "開示項目数", Count;
    CATEGORIES_UNKNOWN = "categories_unknown", "不明項目数", Count;
    COMPANIES = "companies", "企業数", Count;
    DOCUMENTS = "documents", "文書数", Count;
    BASE = "base", "母数", Count;
    DISCLOSING = "disclosed", "開示数", Count;
    RATE = "rate", "開示率", Rate;
    RATE_LOW = "rate_low", "開示率の下限（95％）", Rate;
    RATE_HIGH = "rate_high", "開示率の上限（95％）", Rate;
    MEAN_CHARS = "mean_chars", "平均文字数", Number;
    SMALL = "small", "少数", Flag;
    UNKNOWN = "unknown", "不明", Text;
    COMPANIES_EXPECTED = "companies_expected", "対象企業数", Count;
    COMPANIES_READ = "companies_read", "読めた企業数", Count;
    COMPANIES_READ_FULLY = "companies_read_fully", "すべて読めた企業数", Count;
    GROUP = "group", "手引きの区分", Text;
    TSE33 = "tse33", "東証33業種", Text;
    SIZE_BY = "size_by", "規模の基準", Text;
    SIZE = "size", "規模", Text;
    FRAME = "frame", "枠組み", Text;
    RATE_CHANGE = "rate_change", "前年度からの変化", Change;
    CHANGE = "change", "変化", Text;
    PREVIOUS_YEAR = "previous_year", "前の年度", Count;
    PREVIOUS_PATH = "previous_path", "前の年度のファイル", Text;
    PREVIOUS_PAGE = "previous_page", "前の年度のページ", Count;
    PREVIOUS_QUOTE = "previous_quote", "前の年度の引用", Text;
    FACTOR = "factor", "要因", Text;
    GROUPS = "groups", "群の数", Count;
    METHOD = "method", "検定", Text;
    STATISTIC = "statistic", "統計量", Statistic;
    DEGREES = "degrees", "自由度", Count;
    P = "p", "p値", Probability;
    P_HOLM = "p_holm", "p値（Holm補正）", Probability;
    EXPECTED = "expected", "期待度数", Statistic;
    RESIDUAL = "residual", "調整済み残差", Statistic;
    CRAMERS_V = "cramers_v", "クラメールのV", Rate;
    GAINED = "gained", "新たに開示", Count;
    LOST = "lost", "開示なしへ", Count;
    MEMBER = "member", "群", Text;
    CHARS_IN_SCOPE = "chars_in_scope", "対象文字数", Count;
    PASSAGES_Q1 = "passages_q1", "対象段落数の第1四分位", Number;
    PASSAGES_MEDIAN = "passages_median", "対象段落数の中央値", Number;
    PASSAGES_Q3 = "passages_q3", "対象段落数の第3四分位", Number;
    CHARS_Q1 = "chars_q1", "対象文字数の第1四分位", Number;
    CHARS_MEDIAN = "chars_median", "対象文字数の中央値", Number;
    CHARS_Q3 = "chars_q3", "対象文字数の第3四分位", Number;
    SHARE_Q1 = "share_q1", "割合の第1四分位", Rate;
    SHARE_MEDIAN = "share_median", "割合の中央値", Rate;
    SHARE_Q3 = "share_q3", "割合の第3四分位", Rate;
    QUALITY = "quality", "性質", Text;
    ELEMENT = "element", "要素ID", Text;
    ELEMENT_JA = "element_ja", "要素", Text;
    PRESENT = "present", "有無", Flag;
    NUMBER = "number", "数", Number;
    FACT_KIND = "fact_kind", "事実の種類", Text;
    NAME = "name", "名称", Text;
    VALUE = "value", "値", Figure;
    UNIT = "unit", "単位", Text;
    MEASURE = "measure", "測るもの", Text;
    PERIOD = "period", "時期", Text;
    TOLD_AS = "told_as", "目標・予定", Text;
    HOLDER = "holder", "就任者", Text;
    SCOPE = "scope", "認証の範囲", Text;
    ENTITIES = "entities", "認証の範囲の数", Count;
    MISSING = "missing", "読めた文書のない企業", Text;
    FRAME_COMPANIES = "frame_companies", "母集団の企業数", Count;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_snake_case_and_headings_unique() {
        for column in ALL {
            assert!(
                column
                    .id
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
                "{}",
                column.id
            );
            let same_heading = ALL.iter().filter(|other| other.ja == column.ja).count();
            assert_eq!(same_heading, 1, "{} is used twice", column.ja);
        }
    }
}
