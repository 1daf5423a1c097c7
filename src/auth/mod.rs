//! Who is asking: a token proves who, tables say what. A [`Viewer`](viewer::Viewer) is made here and passed by all.

pub mod token;
pub mod viewer;
