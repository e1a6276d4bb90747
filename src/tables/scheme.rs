//! What passages are counted by: the codes of a scheme, or any regrouping of codes and facets.

use std::collections::BTreeMap;

use super::CodedPassage;

/// A code of the scheme with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeLabel {
    /// `C01`.
    pub id: String,
    /// Name in Japanese.
    pub ja: String,
    /// Name in English.
    pub en: String,
}

/// Items that passages belong to, each made of codes and facets.
///
/// The default has an item per code. Another frame (主要5項目, an edition of the 経営ガイドライン) is the same thing with
/// other items: a passage belongs to an item when it has any of the item's codes or facets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classification {
    labels: Vec<CodeLabel>,
    /// Code or facet → items.
    members: BTreeMap<String, Vec<usize>>,
    /// Codes and facets that only together make a passage belong to an item.
    together: Vec<(Vec<String>, usize)>,
    /// By item: facets that alone do not make a passage of their code belong to it.
    except: Vec<Vec<String>>,
}

impl Classification {
    /// An item per code, in the given order.
    pub fn by_code(codes: &[CodeLabel]) -> Self {
        Self::new(
            codes
                .iter()
                .map(|code| (code.clone(), vec![code.id.clone()]))
                .collect(),
        )
    }

    /// Items in the given order, each with the codes and facets that belong to it; `C06.improvement & C06.audit` belongs
    /// where a passage has both.
    pub fn new(items: Vec<(CodeLabel, Vec<String>)>) -> Self {
        let mut members: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut together = Vec::new();
        for (place, (_, codes)) in items.iter().enumerate() {
            for code in codes {
                let names: Vec<String> = Self::names(code).map(str::to_owned).collect();
                match names.as_slice() {
                    [one] => members.entry(one.clone()).or_default().push(place),
                    _ => together.push((names, place)),
                }
            }
        }
        Classification {
            together,
            except: vec![Vec::new(); items.len()],
            labels: items.into_iter().map(|(label, _)| label).collect(),
            members,
        }
    }

    /// The codes and facets of an entry: those that stand together are joined by `&`.
    pub fn names(entry: &str) -> impl Iterator<Item = &str> {
        entry.split('&').map(str::trim)
    }

    /// Takes facets out of an item: a passage whose facets of a code are all among them does not belong to the item
    /// by that code. For frames that moved a part of a code elsewhere.
    pub fn except(&mut self, item: usize, facets: Vec<String>) {
        if let Some(place) = self.except.get_mut(item) {
            *place = facets;
        }
    }

    /// Whether a passage that has `name` belongs by it to an item.
    fn belongs_by(&self, name: &str, item: usize, passage: &CodedPassage) -> bool {
        let except = self.except.get(item).map_or(&[][..], Vec::as_slice);
        if except.is_empty() || name.contains('.') {
            return true;
        }
        let mut own = passage
            .facets
            .iter()
            .filter(|f| f.split('.').next() == Some(name))
            .peekable();
        own.peek().is_none() || own.any(|f| !except.contains(f))
    }

    /// The items in order.
    pub fn labels(&self) -> &[CodeLabel] {
        &self.labels
    }

    /// The items of a passage, ascending, each once.
    pub fn items_of(&self, passage: &CodedPassage) -> Vec<usize> {
        let names = passage.codes.iter().chain(&passage.facets);
        let mut items: Vec<usize> = names
            .flat_map(|name| {
                let items = self.members.get(name).map_or(&[][..], Vec::as_slice);
                items
                    .iter()
                    .copied()
                    .filter(|item| self.belongs_by(name, *item, passage))
            })
            .collect();
        let has = |name: &String| passage.codes.contains(name) || passage.facets.contains(name);
        let together = self.together.iter().filter(|(names, _)| names.iter().all(has));
        items.extend(together.map(|(_, item)| *item));
        items.sort_unstable();
        items.dedup();
        items
    }

    /// The passage's quote for an item: that of the first of its codes that has one. A facet (`C06.audit`) quotes with
    /// its code.
    pub fn quote<'a>(&self, item: usize, passage: &'a CodedPassage) -> Option<&'a str> {
        let belongs = |name: &String| {
            let together = self.together.iter().filter(|(_, of)| *of == item);
            self.members.get(name).is_some_and(|items| items.contains(&item))
                || together.flat_map(|(names, _)| names).any(|n| n == name)
        };
        let names = passage
            .codes
            .iter()
            .chain(&passage.facets)
            .filter(|name| belongs(name));
        names
            .filter_map(|name| {
                let code = name.split('.').next().unwrap_or(name);
                passage.quotes.iter().find(|(of, _)| of == name || of == code)
            })
            .map(|(_, quote)| quote.as_str())
            .next()
    }
}
