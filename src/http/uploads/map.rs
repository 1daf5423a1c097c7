//! Which file goes where in the variables.

use std::collections::{BTreeMap, HashMap};

use async_graphql::{Value, Variables};

use super::bad;
use crate::http::error::Refusal;
use crate::http::settings::HttpSettings;

/// What stands in a file's place while the operation is checked: an id, as it will be.
const AWAITED: &str = "awaited";

/// Where each file goes, by the name of its part.
#[derive(Debug)]
pub(super) struct Places(pub(super) HashMap<String, Vec<Place>>);

/// A place in the variables: the names and indices that lead to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place(Vec<String>);

impl Places {
    /// Reads a `map`: `{ "0": ["variables.input.file"] }`.
    ///
    /// # Errors
    /// `BAD_REQUEST` for another form, `LIMIT_EXCEEDED` for too many files or places.
    pub(super) fn read(map: &[u8], settings: &HttpSettings) -> Result<Self, Refusal> {
        let read: BTreeMap<String, Vec<String>> =
            serde_json::from_slice(map).map_err(|_| bad("The map must be a JSON object of lists of paths."))?;
        let (files, paths) = (read.len(), read.values().map(Vec::len).sum::<usize>());
        for (limit, maximum, value) in [("files", settings.files_max, files), ("list_items", settings.limits.list_items, paths)] {
            if value > maximum {
                return Err(Refusal::limit(limit, maximum as u64, value as u64));
            }
        }
        let place = |path: &String| {
            let names = path.strip_prefix("variables.").map(|names| names.split('.').map(str::to_owned).collect());
            names.map(Place).ok_or_else(|| bad("A path of the map must begin with \"variables.\"."))
        };
        let places = read.into_iter().map(|(file, paths)| match paths.is_empty() {
            true => Err(bad("A file of the map goes nowhere.")),
            false => Ok((file, paths.iter().map(place).collect::<Result<_, _>>()?)),
        });
        places.collect::<Result<_, _>>().map(Self)
    }
}

impl Place {
    /// Puts something into the place that stands for the file, so that the operation can be checked.
    ///
    /// # Errors
    /// `BAD_REQUEST` unless there is a null, which also tells of two files for one place.
    pub(super) fn prepare(&self, variables: &mut Variables) -> Result<(), Refusal> {
        match self.find(variables) {
            Some(value) if *value == Value::Null => {
                *value = Value::String(AWAITED.to_owned());
                Ok(())
            }
            _ => Err(bad("A path of the map must lead to a null in the variables, each to another.")),
        }
    }

    /// Puts the id of the upload into the place.
    pub(super) fn fill(&self, variables: &mut Variables, id: &str) {
        if let Some(value) = self.find(variables) {
            *value = Value::String(id.to_owned());
        }
    }

    fn find<'v>(&self, variables: &'v mut Variables) -> Option<&'v mut Value> {
        let (variable, steps) = self.0.split_first()?;
        let mut value = variables.get_mut(variable.as_str())?;
        for step in steps {
            value = match value {
                Value::List(items) => items.get_mut(step.parse::<usize>().ok()?)?,
                Value::Object(members) => members.get_mut(step.as_str())?,
                _ => return None,
            };
        }
        Some(value)
    }
}
