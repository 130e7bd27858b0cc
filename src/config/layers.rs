//! The sources laid over each other; every value keeps the name of the source it came from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;

use config::{Config, Map, Source, Value, ValueKind};

use super::{DatabaseUrl, InForce, SettingsError};
use crate::domain::labels::Coded;

/// The variables of the environment that are settings.
const PREFIX: &str = "GONGKAI__";

/// A setting whose value is shown nowhere.
const SECRET: &str = "mail.password";

/// The settings of one source, by `section.key`.
#[derive(Clone, Default)]
struct Layer(BTreeMap<String, Value>);

/// Names only: a value may be secret.
impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, config::ConfigError> {
        Ok(self.0.clone().into_iter().collect())
    }
}

/// The sources, weakest first.
pub(super) struct Layers {
    known: BTreeSet<String>,
    layers: Vec<Layer>,
}

impl Layers {
    /// The defaults, which are also the list of the keys there are.
    pub(super) fn new(defaults: &str) -> Self {
        let values: Map<String, Value> = toml::from_str(defaults).expect("a test reads the defaults");
        let mut known = BTreeSet::new();
        let mut layer = Layer::default();
        for (section, table) in values {
            for (key, value) in table.into_table().expect("every default stands in a section") {
                let key = format!("{section}.{key}");
                layer.0.insert(key.clone(), with_origin(value, "默认设置"));
                known.insert(key);
            }
        }
        Self { known, layers: vec![layer] }
    }

    pub(super) fn add_file(&mut self, path: &Path) -> Result<(), SettingsError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| SettingsError::Unreadable { path: name.clone(), source })?;
        let values: Map<String, Value> = toml::from_str(&text).map_err(|error| {
            let (line, column) = position(&text, error.span().map_or(0, |it| it.start));
            SettingsError::NotToml { path: name.clone(), line, column, message: error.message().to_owned() }
        })?;
        let mut layer = Layer::default();
        let origin = format!("配置文件 {name}");
        for (key, value) in values {
            self.flatten(&mut layer, key, value, &origin)?;
        }
        self.layers.push(layer);
        Ok(())
    }

    pub(super) fn add_environment(
        &mut self,
        variables: &BTreeMap<String, String>,
    ) -> Result<(), SettingsError> {
        let mut layer = Layer::default();
        for (name, value) in variables {
            if let Some(key) = name.strip_prefix(PREFIX) {
                let key = key.to_lowercase().replace("__", ".");
                self.flatten(&mut layer, key, Value::from(value.as_str()), &format!("环境变量 {name}"))?;
            }
        }
        self.layers.push(layer);
        Ok(())
    }

    /// One value for a key that is known.
    pub(super) fn add_value(&mut self, key: &str, value: &str, origin: &str) {
        debug_assert!(self.known.contains(key));
        self.layers.push(Layer(BTreeMap::from([(key.to_owned(), with_origin(value, origin))])));
    }

    /// Adds a value, or the values of a table, refusing keys that are not known.
    fn flatten(
        &self,
        layer: &mut Layer,
        key: String,
        value: Value,
        origin: &str,
    ) -> Result<(), SettingsError> {
        if self.known.contains(&key) {
            if let ValueKind::Table(_) = value.kind {
                // TOML reads a date without quotation marks as a table of its own.
                let (expected, found) = ("一个值".to_owned(), "（表，或者没有引号的日期）".to_owned());
                return Err(SettingsError::Invalid { origin: origin.to_owned(), key, expected, found });
            }
            layer.0.insert(key, with_origin(value, origin));
            return Ok(());
        }
        let is_section = self.known.iter().any(|it| section_of(it) == key);
        match value.kind {
            ValueKind::Table(table) if is_section => table
                .into_iter()
                .try_for_each(|(name, value)| self.flatten(layer, format!("{key}.{name}"), value, origin)),
            _ => Err(SettingsError::UnknownKey { origin: origin.to_owned(), hint: self.hint(&key), key }),
        }
    }

    /// What there is in the place of an unknown key.
    fn hint(&self, key: &str) -> String {
        let section = section_of(key);
        let keys: Vec<&str> = self
            .known
            .iter()
            .filter(|it| section_of(it) == section)
            .filter_map(|it| it.strip_prefix(section)?.strip_prefix('.'))
            .collect();
        if keys.is_empty() {
            let sections: BTreeSet<&str> = self.known.iter().map(|it| section_of(it)).collect();
            format!("可用的节：{}", sections.into_iter().collect::<Vec<_>>().join("、"))
        } else {
            format!("“{section}”节可用的项：{}", keys.join("、"))
        }
    }

    pub(super) fn merge(self) -> Merged {
        let builder = self.layers.into_iter().fold(Config::builder(), |builder, it| builder.add_source(it));
        let merged = builder.build().and_then(|it| it.collect());
        Merged(merged.expect("layers in memory hold known keys and cannot fail"))
    }
}

fn section_of(key: &str) -> &str {
    key.split_once('.').map_or(key, |(section, _)| section)
}

fn with_origin(value: impl Into<Value>, origin: &str) -> Value {
    Value::new(Some(&origin.to_owned()), value.into().kind)
}

/// Line and column, from 1, of a byte of the text.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// All sources as one.
pub(super) struct Merged(Map<String, Value>);

impl Merged {
    /// Every setting in force with where it comes from, by key; the password of the database left out.
    pub(super) fn in_force(&self) -> Vec<InForce> {
        let mut lines = Vec::new();
        for (section, values) in &self.0 {
            for (name, value) in values.clone().into_table().unwrap_or_default() {
                let key = format!("{section}.{name}");
                let text = match &value.kind {
                    ValueKind::Array(all) => {
                        all.iter().map(|it| it.kind.to_string()).collect::<Vec<_>>().join("、")
                    }
                    kind => kind.to_string(),
                };
                let value_text = match key.as_str() {
                    "database.url" => DatabaseUrl::redact(&text),
                    SECRET if !text.is_empty() => "……".to_owned(),
                    _ => text,
                };
                let origin = value.origin().unwrap_or_default().to_owned();
                lines.push(InForce { key, value: value_text, origin });
            }
        }
        lines.sort_by(|a, b| a.key.cmp(&b.key));
        lines
    }

    /// The setting with this key, which the defaults have.
    pub(super) fn setting(&self, key: &'static str) -> Setting {
        let section = self.0.get(section_of(key)).cloned().map(Value::into_table);
        let section = section.and_then(Result::ok).unwrap_or_default();
        let name = key.split_once('.').map_or(key, |(_, name)| name);
        let value = section.get(name).cloned().expect("the defaults have every key");
        Setting { key, value }
    }
}

/// One value, on its way to be checked.
pub(super) struct Setting {
    key: &'static str,
    value: Value,
}

impl Setting {
    pub(super) fn invalid(&self, expected: &str, found: &str) -> SettingsError {
        let found = match self.key {
            "database.url" => DatabaseUrl::redact(found),
            SECRET => "……".to_owned(),
            _ => found.to_owned(),
        };
        let origin = self.value.origin().unwrap_or_default().to_owned();
        SettingsError::Invalid { origin, key: self.key.to_owned(), expected: expected.to_owned(), found }
    }

    /// The value as text, and what `read` makes of it.
    pub(super) fn parse<T>(
        &self,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, SettingsError> {
        let text = match &self.value.kind {
            ValueKind::Array(_) => return Err(self.invalid(expected, "（列表）")),
            kind => kind.to_string(),
        };
        read(text.trim()).ok_or_else(|| self.invalid(expected, &text))
    }

    pub(super) fn number(&self, range: RangeInclusive<u32>) -> Result<u32, SettingsError> {
        let expected = format!("{}至{}的整数", range.start(), range.end());
        self.parse(&expected, |it| it.parse().ok().filter(|it| range.contains(it)))
    }

    pub(super) fn flag(&self) -> Result<bool, SettingsError> {
        self.parse("true 或者 false", |it| it.parse().ok())
    }

    pub(super) fn coded<T: Coded>(&self) -> Result<T, SettingsError> {
        let codes: Vec<_> = T::ALL.iter().map(|it| it.code()).collect();
        self.parse(&format!("以下之一：{}", codes.join("、")), |it| T::from_code(it).ok())
    }

    /// The words of a list, or of a text that separates them by commas; at least one.
    pub(super) fn list(&self, expected: &str) -> Result<Vec<String>, SettingsError> {
        let words: Vec<String> = match &self.value.kind {
            ValueKind::Array(values) => values.iter().map(|it| it.kind.to_string()).collect(),
            _ => self.parse(expected, |it| Some(it.split(',').map(|it| it.trim().to_owned()).collect()))?,
        };
        if words.is_empty() { Err(self.invalid(expected, "（空）")) } else { Ok(words) }
    }

    /// The words of a list that may be empty.
    pub(super) fn list_or_nothing(&self, expected: &str) -> Result<Vec<String>, SettingsError> {
        match &self.value.kind {
            ValueKind::Array(values) if values.is_empty() => Ok(Vec::new()),
            ValueKind::String(text) if text.trim().is_empty() => Ok(Vec::new()),
            _ => self.list(expected),
        }
    }
}
