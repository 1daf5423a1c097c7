//! Reading JSON strictly: every problem is kept with its path, and a field that nobody asked for is one.

use std::fmt;

use serde_json::{Map, Value};

/// The longest text a field may hold, in characters.
const MAX_TEXT_CHARS: usize = 200;

/// Something that is wrong with an import file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, such as `organizations[0].people[2].role`; empty for the whole file.
    pub path: String,
    /// What.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.text),
            path => write!(f, "{path}: {}", self.text),
        }
    }
}

/// Keeps what is wrong.
#[derive(Debug, Default)]
pub(super) struct Problems(pub Vec<Problem>);

impl Problems {
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.0.push(Problem { path: path.into(), text: text.into() });
    }
}

/// An object being read: ask for each field, then [`Fields::end`].
pub(super) struct Fields<'p, 'v> {
    problems: &'p mut Problems,
    path: String,
    values: &'v Map<String, Value>,
    known: Vec<&'static str>,
}

impl<'p, 'v> Fields<'p, 'v> {
    pub fn of(problems: &'p mut Problems, value: &'v Value, path: &str) -> Option<Self> {
        let Value::Object(values) = value else {
            problems.add(path, "must be an object");
            return None;
        };
        Some(Self { problems, path: path.to_owned(), values, known: Vec::new() })
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Keeps a problem with a field.
    pub fn refuse(&mut self, name: &str, text: impl Into<String>) {
        let path = self.path_of(name);
        self.problems.add(path, text);
    }

    /// The field's value; null counts as absent.
    fn value(&mut self, name: &'static str) -> Option<&'v Value> {
        self.known.push(name);
        self.values.get(name).filter(|value| !value.is_null())
    }

    /// A text that may be absent.
    pub fn optional_text(&mut self, name: &'static str) -> Option<&'v str> {
        match self.value(name)? {
            Value::String(text) if text.trim().is_empty() => self.refuse(name, "must not be blank"),
            Value::String(text) if text.chars().count() > MAX_TEXT_CHARS => {
                self.refuse(name, format!("must not be longer than {MAX_TEXT_CHARS} characters"));
            }
            Value::String(text) if text.contains('\0') => self.refuse(name, "must not contain a NUL"),
            Value::String(text) => return Some(text.trim()),
            _ => self.refuse(name, "must be a text"),
        }
        None
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &'static str) -> Option<&'v str> {
        let before = self.problems.0.len();
        let text = self.optional_text(name);
        if text.is_none() && self.problems.0.len() == before {
            self.refuse(name, "is missing");
        }
        text
    }

    /// A text that must be there and have a form, which `form` describes.
    pub fn parsed<T>(&mut self, name: &'static str, form: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        let value = parse(text);
        if value.is_none() {
            self.refuse(name, format!("{text:?} is not {form}"));
        }
        value
    }

    /// The same for a text that may be absent: then the default.
    pub fn parsed_or<T>(&mut self, name: &'static str, form: &str, parse: impl Fn(&str) -> Option<T>, default: T) -> Option<T> {
        let absent = self.values.get(name).is_none_or(Value::is_null);
        if absent {
            self.known.push(name);
            return Some(default);
        }
        self.parsed(name, form, parse)
    }

    /// Yes or no; absent means `default`.
    pub fn flag(&mut self, name: &'static str, default: bool) -> bool {
        match self.value(name) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.refuse(name, "must be true or false");
                default
            }
        }
    }

    /// An object that may be absent.
    pub fn object<T>(&mut self, name: &'static str, read: impl FnOnce(Fields<'_, 'v>) -> T) -> Option<T> {
        let value = self.value(name)?;
        let path = self.path_of(name);
        Fields::of(self.problems, value, &path).map(read)
    }

    /// A list of objects; absent means empty.
    pub fn objects<T>(&mut self, name: &'static str, read: impl Fn(Fields<'_, 'v>) -> Option<T>) -> Vec<T> {
        self.each(name, |problems, value, path| Fields::of(problems, value, path).and_then(&read))
    }

    /// A list of texts of a form; absent means empty.
    pub fn texts<T>(&mut self, name: &'static str, form: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        self.each(name, |problems, value, path| {
            let read = value.as_str().map(str::trim).and_then(&parse);
            if read.is_none() {
                problems.add(path, format!("{value} is not {form}"));
            }
            read
        })
    }

    /// A list of small numbers of a form; absent means empty.
    pub fn numbers<T>(&mut self, name: &'static str, form: &str, parse: impl Fn(u64) -> Option<T>) -> Vec<T> {
        self.each(name, |problems, value, path| {
            let read = value.as_u64().and_then(&parse);
            if read.is_none() {
                problems.add(path, format!("{value} is not {form}"));
            }
            read
        })
    }

    /// Whether the field is there at all.
    pub fn has(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|value| !value.is_null())
    }

    fn each<T>(&mut self, name: &'static str, read: impl Fn(&mut Problems, &'v Value, &str) -> Option<T>) -> Vec<T> {
        let path = self.path_of(name);
        match self.value(name) {
            None => Vec::new(),
            Some(Value::Array(values)) => {
                let items = values.iter().enumerate();
                items.filter_map(|(index, value)| read(self.problems, value, &format!("{path}[{index}]"))).collect()
            }
            Some(_) => {
                self.refuse(name, "must be a list");
                Vec::new()
            }
        }
    }

    /// Complains about the fields that nobody asked for.
    pub fn end(self) {
        for name in self.values.keys().filter(|name| !self.known.contains(&name.as_str())) {
            let known = self.known.join(", ");
            let path = if self.path.is_empty() { name.clone() } else { format!("{}.{name}", self.path) };
            self.problems.add(path, format!("is not known here; known are: {known}"));
        }
    }
}
