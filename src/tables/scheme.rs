//! What passages are counted by: the codes of a scheme, or any regrouping of codes and facets.

use std::collections::BTreeMap;

use super::CodedPassage;

/// A code of the scheme with its names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeLabel {
    /// `C01`.
    pub id: String,
    /// Name in Japanese.
    pub ja: String,
    /// Name in English.
    pub en: String,
}

/// A facet of the scheme with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetLabel {
    /// The code it is below: `C06`.
    pub code: String,
    /// Its id (`C06.audit`) and names.
    pub label: CodeLabel,
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

    /// The items of several classifications, one behind the other.
    pub fn joined<'a>(classifications: impl IntoIterator<Item = &'a Classification>) -> Self {
        let mut all = Self::new(Vec::new());
        for one in classifications {
            let before = all.labels.len();
            all.labels.extend(one.labels.iter().cloned());
            all.except.extend(one.except.iter().cloned());
            let together = one.together.iter().cloned();
            all.together
                .extend(together.map(|(names, item)| (names, before + item)));
            for (name, items) in &one.members {
                let places = all.members.entry(name.clone()).or_default();
                places.extend(items.iter().map(|item| before + item));
            }
        }
        all
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

    /// The passage's quote for an item: that of the first of its codes and facets that has one, or of another facet of
    /// the same code.
    pub fn quote<'a>(&self, item: usize, passage: &'a CodedPassage) -> Option<&'a str> {
        let belongs = |name: &&String| {
            let together = self.together.iter().filter(|(_, of)| *of == item);
            self.members.get(*name).is_some_and(|items| items.contains(&item))
                || together.flat_map(|(names, _)| names).any(|n| n == *name)
        };
        let names: Vec<&String> = passage
            .codes
            .iter()
            .chain(&passage.facets)
            .filter(belongs)
            .collect();
        let find = |is_it: &dyn Fn(&str, &str) -> bool| {
            names.iter().find_map(|name| {
                let quotes = passage.quotes.iter();
                let mut of_name = quotes.filter(|(of, _)| is_it(of, name));
                of_name.next().map(|(_, quote)| quote.as_str())
            })
        };
        find(&|of, name| of == name).or_else(|| find(&|of, name| code_of(of) == code_of(name)))
    }
}

/// The code of a code or facet.
fn code_of(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}
