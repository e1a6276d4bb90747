//! The rules of the layout on synthetic pages.
