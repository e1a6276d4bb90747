pub mod extract;
pub mod layout;
pub mod passage;
