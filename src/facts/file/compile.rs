//! Patterns → regular expressions, with everything that is wrong.

use regex::Regex;

use super::table::{FigureTable, NameTable, OfficerTable, Pattern};
use super::{Figure, Measure, Name, Officer, Problem};

/// Compiles patterns and keeps what is wrong.
pub(super) struct Compiler<'a> {
    pub text: &'a str,
    pub problems: Vec<Problem>,
}

impl Compiler<'_> {
    pub fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
    }

    pub fn wrong(&mut self, at: usize, message: String) {
        let line = self.line(at);
        self.problems.push(Problem { line, message });
    }

    /// A pattern on its own, so that its error has its line; `shape` puts it where it belongs.
    pub fn one(&mut self, pattern: &Pattern, shape: impl Fn(&str) -> String) -> Regex {
        self.many(std::slice::from_ref(pattern), shape)
    }

    /// Alternatives as one expression.
    pub fn many(&mut self, patterns: &[Pattern], shape: impl Fn(&str) -> String) -> Regex {
        let mut sound: Vec<&str> = Vec::new();
        for pattern in patterns {
            match Regex::new(pattern.get_ref()) {
                Ok(_) => sound.push(pattern.get_ref()),
                Err(e) => {
                    let told = e.to_string();
                    let last = told.lines().last().unwrap_or("").trim_start_matches("error: ");
                    let message = format!("\"{}\" is no regular expression: {last}", pattern.get_ref());
                    self.wrong(pattern.span().start, message);
                }
            }
        }
        let joined = sound.join("|");
        match Regex::new(&shape(&joined)) {
            Ok(regex) => regex,
            Err(e) => {
                let at = patterns.first().map_or(0, |p| p.span().start);
                self.wrong(at, format!("these patterns together are too large: {e}"));
                never()
            }
        }
    }

    pub fn any(&mut self, patterns: &[Pattern]) -> Regex {
        if patterns.is_empty() {
            return never();
        }
        self.many(patterns, str::to_owned)
    }

    pub fn names(&mut self, tables: &[NameTable]) -> Vec<Name> {
        let names = tables.iter().map(|t| Name {
            name: t.name.clone(),
            words: self.any(&t.words),
            also: (!t.also.is_empty()).then(|| self.any(&t.also)),
        });
        names.collect()
    }

    pub fn officer(&mut self, table: &OfficerTable) -> Officer {
        let titles = self.names(&table.title);
        self.one(&table.holder, str::to_owned);
        let holder = format!("(?P<holder>{})", table.holder.get_ref());
        let mut held = Vec::new();
        for title in &titles {
            let words = format!("(?:{})(?:\\([^()]*\\))?", title.words.as_str());
            let orders = table.held.iter().filter_map(|pattern| {
                let order = pattern
                    .get_ref()
                    .replace("HOLDER", &holder)
                    .replace("TITLE", &words);
                Regex::new(&order)
                    .map_err(|e| {
                        let message = format!("\"{}\" is no regular expression: {e}", pattern.get_ref());
                        self.wrong(pattern.span().start, message);
                    })
                    .ok()
            });
            held.push(orders.collect());
        }
        Officer {
            against: self.any(&table.against),
            theirs: self.one(&table.theirs, |p| format!("(?:{p})$")),
            titles,
            held,
        }
    }

    pub fn figure(&mut self, table: &FigureTable) -> Figure {
        let mut units: Vec<&str> = table
            .measure
            .iter()
            .flat_map(|m| m.units.iter().map(String::as_str))
            .collect();
        // The longest first: か国 before か.
        units.sort_by_key(|u| (std::cmp::Reverse(u.chars().count()), *u));
        units.dedup();
        let units: Vec<String> = units.into_iter().map(regex::escape).collect();
        let with_no: Vec<String> = table.with_no.iter().map(|u| regex::escape(u)).collect();
        let number = format!(
            "(?P<number>\\d[\\d,]*(?:\\.\\d+)?(?:[十百千万億兆](?:\\d[\\d,]*(?:\\.\\d+)?)?)*)(?:の(?P<of>{})|(?P<unit>{}))",
            with_no.join("|"),
            units.join("|")
        );
        let measures = table.measure.iter().map(|m| Measure {
            name: m.name.clone(),
            units: m.units.clone(),
            ends: self.many(&m.words, |p| format!("(?:{p})$")),
            within: self.any(&m.words),
            after: (!m.after.is_empty()).then(|| self.many(&m.after, |p| format!("^(?:{p})"))),
            followed: m
                .followed
                .as_ref()
                .map(|pattern| self.one(pattern, |p| format!("^(?:{p})"))),
        });
        let measures = measures.collect();
        Figure {
            number: Regex::new(&number).unwrap_or_else(|_| never()),
            link: self.one(&table.link, |p| format!("^(?:{p})$")),
            chain: self.one(&table.chain, |p| format!("^(?:{p})$")),
            target: self.any(&table.target),
            planned: self.any(&table.planned),
            expected: self.any(&table.expected),
            rows: table.rows.clone(),
            told_of: self.one(&table.told_of, str::to_owned),
            relative: self.one(&table.relative, |p| format!("^(?:{p})$")),
            aimed: self.any(&table.aimed),
            no_count: self.many(&table.no_count, |p| format!("^(?:{p})")),
            none: self.one(&table.none, |p| format!("^(?:{p})")),
            more: self.one(&table.more, |p| format!("^(?:{p})")),
            less: self.one(&table.less, |p| format!("^(?:{p})")),
            bullet: self.one(&table.bullet, |p| format!("^(?:{p})")),
            done: self.one(&table.done, |p| format!("^(?:{p})")),
            often: self.one(&table.often, |p| format!("(?:{p})$")),
            places: table.places.clone(),
            vague: table.vague.clone(),
            not: self.any(&table.not),
            elsewhere: self.any(&table.elsewhere),
            context: self.any(&table.context),
            measures,
        }
    }
}

/// Matches nothing.
fn never() -> Regex {
    #[allow(clippy::unwrap_used, reason = "a constant")]
    Regex::new("[^\\s\\S]").unwrap()
}
