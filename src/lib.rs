//! mieruka (見える化): manifest → documents → pages → passages → codes → tables → exports.
//!
//! Reads a corpus of published reports of Japanese listed companies as PDF, finds every passage about cybersecurity,
//! codes it by a scheme (the default: the ten disclosure categories of the 2019 手引き) and prints the comparison tables.
//! Each arrow of the sentence is one module, each noun one type.

#![deny(missing_docs)]
#![forbid(unsafe_code)]

pub mod cli;
pub mod coding;
pub mod dictionaries;
pub mod evaluate;
pub mod export;
pub mod extract;
pub mod facts;
pub mod layout;
pub mod manifest;
pub mod normalize;
pub mod passage;
pub mod progress;
pub mod provenance;
pub mod run;
pub mod scheme;
pub mod stats;
pub mod summary;
pub mod tables;
pub mod tokenize;
pub mod worker;
