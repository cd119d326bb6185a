//! How a check is written: a map with the name of an assertion, its argument and perhaps a weight.
//!
//! What the checks mean is left to `test.rs`; the JSON Schema in `schema.rs` is made from the same table.

use super::assertion::{Assertion, Check};
use assay_problem::closest;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use std::fmt;

/// In front of a name, it stands for the opposite.
pub(super) const NOT: &str = "not_";

/// The key beside a check that tells how much it counts.
pub(super) const WEIGHT: &str = "weight";

/// What stands behind the name of a check.
#[derive(Debug, Clone, Copy)]
pub(super) enum Argument {
    Text(fn(String) -> Assertion),
    Texts(fn(Vec<String>) -> Assertion),
    Length(fn(usize) -> Assertion),
    Value(fn(Value) -> Assertion),
    Schema(fn(Value) -> Assertion),
    True(fn() -> Assertion),
}

/// A check as it may be written.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) name: &'static str,
    pub(super) argument: Argument,
    /// What the answer does when it passes; behind "The answer".
    pub(super) meaning: &'static str,
    /// The same for the opposite.
    pub(super) opposite: &'static str,
}

const fn form(name: &'static str, argument: Argument, meaning: &'static str, opposite: &'static str) -> Form {
    Form { name, argument, meaning, opposite }
}

/// All checks, in the order of the documentation.
#[rustfmt::skip]
pub(super) const FORMS: [Form; 15] = [
    form("contains", Argument::Text(Assertion::Contains), "contains this text, letter for letter", "does not contain this text"),
    form("icontains", Argument::Text(Assertion::Icontains), "contains this text, case ignored", "does not contain this text, case ignored"),
    form("contains_any", Argument::Texts(Assertion::ContainsAny), "contains one of these texts", "contains none of these texts"),
    form("contains_all", Argument::Texts(Assertion::ContainsAll), "contains all of these texts", "does not contain all of these texts"),
    form("icontains_any", Argument::Texts(Assertion::IcontainsAny), "contains one of these texts, case ignored", "contains none of these texts, case ignored"),
    form("icontains_all", Argument::Texts(Assertion::IcontainsAll), "contains all of these texts, case ignored", "does not contain all of these texts, case ignored"),
    form("equals", Argument::Value(Assertion::Equals), "is this text, or JSON that is equal to this value", "is not this text, nor JSON that is equal to this value"),
    form("starts_with", Argument::Text(Assertion::StartsWith), "begins with this text", "does not begin with this text"),
    form("ends_with", Argument::Text(Assertion::EndsWith), "ends with this text", "does not end with this text"),
    form("regex", Argument::Text(Assertion::Regex), "has a match of this pattern", "has no match of this pattern"),
    form("is_json", Argument::True(|| Assertion::IsJson), "is JSON", "is not JSON"),
    form("json_schema", Argument::Schema(Assertion::JsonSchema), "is JSON that is valid by this schema", "is not JSON that is valid by this schema"),
    form("max_length", Argument::Length(Assertion::MaxLength), "has at most this many characters", "has more than this many characters"),
    form("min_length", Argument::Length(Assertion::MinLength), "has at least this many characters", "has fewer than this many characters"),
    form("is_refusal", Argument::True(|| Assertion::IsRefusal), "declines to answer", "does not decline to answer"),
];

impl Assertion {
    /// The name in specs, such as `icontains`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Contains(_) => "contains",
            Self::Icontains(_) => "icontains",
            Self::ContainsAny(_) => "contains_any",
            Self::ContainsAll(_) => "contains_all",
            Self::IcontainsAny(_) => "icontains_any",
            Self::IcontainsAll(_) => "icontains_all",
            Self::Equals(_) => "equals",
            Self::StartsWith(_) => "starts_with",
            Self::EndsWith(_) => "ends_with",
            Self::Regex(_) => "regex",
            Self::IsJson => "is_json",
            Self::JsonSchema(_) => "json_schema",
            Self::MaxLength(_) => "max_length",
            Self::MinLength(_) => "min_length",
            Self::IsRefusal => "is_refusal",
        }
    }

    /// What stands behind the name.
    pub(super) fn argument(&self) -> Value {
        match self {
            Self::Contains(text)
            | Self::Icontains(text)
            | Self::StartsWith(text)
            | Self::EndsWith(text)
            | Self::Regex(text) => text.as_str().into(),
            Self::ContainsAny(texts)
            | Self::ContainsAll(texts)
            | Self::IcontainsAny(texts)
            | Self::IcontainsAll(texts) => texts.as_slice().into(),
            Self::Equals(value) | Self::JsonSchema(value) => value.clone(),
            Self::MaxLength(length) | Self::MinLength(length) => (*length).into(),
            Self::IsJson | Self::IsRefusal => true.into(),
        }
    }
}

impl Form {
    /// The assertion with this argument, or what should stand there instead.
    fn with(&self, argument: Value) -> Result<Assertion, &'static str> {
        match (self.argument, argument) {
            (Argument::Text(make), Value::String(text)) => Ok(make(text)),
            (Argument::Text(_), _) => Err("a text"),
            (Argument::Texts(make), argument @ Value::Array(_)) => {
                serde_json::from_value(argument).map(make).map_err(|_| "a list of texts")
            }
            (Argument::Texts(_), _) => Err("a list of texts"),
            (Argument::Length(make), argument) => {
                whole_number(&argument).map(make).ok_or("a whole number of characters")
            }
            (Argument::Value(_), Value::Null) => Err("a text or a JSON value"),
            (Argument::Value(make), value) => Ok(make(value)),
            (Argument::Schema(make), schema @ (Value::Object(_) | Value::Bool(_))) => Ok(make(schema)),
            (Argument::Schema(_), _) => Err("a JSON Schema, which is a map"),
            (Argument::True(make), Value::Bool(true)) => Ok(make()),
            (Argument::True(_), _) => Err("true; the opposite has `not_` in front of its name"),
        }
    }
}

/// YAML and some writers of JSON make `40.0` of 40.
fn whole_number(value: &Value) -> Option<usize> {
    let number = match (value.as_u64(), value.as_f64()) {
        (Some(number), _) => number,
        (None, Some(number)) if number.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&number) => {
            number as u64
        }
        _ => return None,
    };
    usize::try_from(number).ok()
}

fn named(key: &str) -> Option<(&'static Form, bool)> {
    let find = |name: &str| FORMS.iter().find(|form| form.name == name);
    find(key).map(|form| (form, false)).or_else(|| Some((find(key.strip_prefix(NOT)?)?, true)))
}

fn unknown(key: &str) -> String {
    let opposites: Vec<String> = FORMS.iter().map(|form| format!("{NOT}{}", form.name)).collect();
    let known = FORMS.iter().map(|form| form.name).chain(opposites.iter().map(String::as_str)).chain([WEIGHT]);
    match closest(key, known) {
        Some(meant) => format!("unknown check `{key}`, did you mean `{meant}`?"),
        None => format!("unknown check `{key}`"),
    }
}

fn weight_of(value: &Value) -> Result<f64, String> {
    let weight = value.as_f64().filter(|weight| weight.is_finite() && *weight > 0.0);
    weight.ok_or_else(|| "`weight` takes a number above 0".to_owned())
}

struct CheckVisitor;

impl<'de> Visitor<'de> for CheckVisitor {
    type Value = Check;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a check: a map with one name, such as {contains: \"...\"}")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Check, M::Error> {
        let mut found: Option<(String, Check)> = None;
        let mut weight = None;
        while let Some(key) = map.next_key::<String>()? {
            let value: Value = map.next_value()?;
            if key == WEIGHT {
                if weight.replace(weight_of(&value).map_err(de::Error::custom)?).is_some() {
                    return Err(de::Error::custom("`weight` stands twice"));
                }
                continue;
            }
            let (form, negated) = named(&key).ok_or_else(|| de::Error::custom(unknown(&key)))?;
            if let Some((other, _)) = &found {
                let message = format!("two checks in one map, `{other}` and `{key}`: give each a map of its own");
                return Err(de::Error::custom(message));
            }
            let assertion = form.with(value).map_err(|wanted| de::Error::custom(format!("`{key}` takes {wanted}")))?;
            found = Some((key, Check { negated, ..assertion.into() }));
        }
        let (_, check) = found.ok_or_else(|| de::Error::custom("the map names no check"))?;
        Ok(check.weighing(weight.unwrap_or(1.0)))
    }
}

impl<'de> Deserialize<'de> for Check {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(CheckVisitor)
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let weighs = self.weight != 1.0;
        let name = self.assertion.name();
        let mut map = serializer.serialize_map(Some(1 + usize::from(weighs)))?;
        if self.negated {
            map.serialize_entry(&format!("{NOT}{name}"), &self.assertion.argument())?;
        } else {
            map.serialize_entry(name, &self.assertion.argument())?;
        }
        if weighs {
            map.serialize_entry(WEIGHT, &self.weight)?;
        }
        map.end()
    }
}

impl Check {
    /// What may be written as a check, for the remedy of a problem.
    pub fn forms() -> String {
        let names: Vec<&str> = FORMS.iter().map(|form| form.name).collect();
        format!("write {{contains: \"...\"}} or another of {}, each also with not_ in front", names.join(", "))
    }
}

/// The check as it is written, without its weight.
impl fmt::Display for Check {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            formatter.write_str(NOT)?;
        }
        write!(formatter, "{}: ", self.assertion.name())?;
        match self.assertion.argument() {
            Value::String(text) => formatter.write_str(&text),
            other => write!(formatter, "{other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Every check, plain and opposite, as it is written.
    pub(in super::super) const EVERY: [&str; 15] = [
        r#""contains":"a""#,
        r#""icontains":"a""#,
        r#""contains_any":["a","b"]"#,
        r#""contains_all":["a","b"]"#,
        r#""icontains_any":["a","b"]"#,
        r#""icontains_all":["a","b"]"#,
        r#""equals":{"a":[1,null]}"#,
        r#""starts_with":"a""#,
        r#""ends_with":"a""#,
        r#""regex":"a+""#,
        r#""is_json":true"#,
        r#""json_schema":{"type":"object"}"#,
        r#""max_length":4"#,
        r#""min_length":4"#,
        r#""is_refusal":true"#,
    ];

    #[test]
    fn every_form_is_read_and_written_as_it_was() {
        for (form, known) in EVERY.iter().zip(&FORMS) {
            assert!(form.starts_with(&format!("{:?}", known.name)), "{form}");
            let opposite = form.replacen('"', "\"not_", 1);
            for text in [format!("{{{form}}}"), format!("{{{opposite}}}"), format!(r#"{{{form},"weight":2.5}}"#)] {
                let check: Check = serde_json::from_str(&text).unwrap();
                assert_eq!(check.negated, text.contains("not_"), "{text}");
                assert_eq!(check.weight, if text.contains("weight") { 2.5 } else { 1.0 });
                assert_eq!(serde_json::to_string(&check).unwrap(), text);
                let value: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(serde_json::from_value::<Check>(value).unwrap(), check);
            }
        }
    }

    #[test]
    fn a_check_is_shown_as_it_is_written() {
        let shown = |text: &str| serde_json::from_str::<Check>(text).unwrap().to_string();
        assert_eq!(shown(r#"{"weight":3,"not_icontains":"30 days"}"#), "not_icontains: 30 days");
        assert_eq!(shown(r#"{"contains_any":["a","b"]}"#), r#"contains_any: ["a","b"]"#);
        assert_eq!(shown(r#"{"max_length":40.0}"#), "max_length: 40");
    }

    #[test]
    fn what_is_no_check_is_told() {
        for (text, message) in [
            (r#"{"contain":"a"}"#, "unknown check `contain`, did you mean `contains`?"),
            (r#"{"not_contain":"a"}"#, "did you mean `not_contains`?"),
            (r#"{"size":1}"#, "unknown check `size`"),
            (r#"{"regex":"a","contains":"b"}"#, "two checks in one map, `regex` and `contains`"),
            (r#"{"regex":"a","regex":"b"}"#, "two checks in one map"),
            (r#"{}"#, "names no check"),
            (r#"{"weight":1}"#, "names no check"),
            (r#"{"contains":1}"#, "`contains` takes a text"),
            (r#"{"contains_any":"a"}"#, "`contains_any` takes a list of texts"),
            (r#"{"contains_any":["a",1]}"#, "`contains_any` takes a list of texts"),
            (r#"{"max_length":-1}"#, "`max_length` takes a whole number"),
            (r#"{"max_length":1.5}"#, "`max_length` takes a whole number"),
            (r#"{"max_length":1e300}"#, "`max_length` takes a whole number"),
            (r#"{"equals":null}"#, "`equals` takes a text or a JSON value"),
            (r#"{"is_json":false}"#, "`is_json` takes true; the opposite has `not_`"),
            (r#"{"json_schema":"x"}"#, "`json_schema` takes a JSON Schema"),
            (r#"{"contains":"a","weight":0}"#, "`weight` takes a number above 0"),
            (r#"{"contains":"a","weight":"2"}"#, "`weight` takes a number above 0"),
            (r#"{"contains":"a","weight":1,"weight":2}"#, "`weight` stands twice"),
            (r#""contains""#, "a check: a map with one name"),
        ] {
            let error = serde_json::from_str::<Check>(text).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
