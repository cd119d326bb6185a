//! Texts of the output, in whichever form they come.
//!
//! What a text means is left to the record that holds it.

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// A text: `"…"`, `{"text": "…"}`, `{"content": [{"text": "…"}]}`, or a list of these, whose texts become its lines.
/// Numbers and truth values are taken as they are written. `null`, and an object without text, is no text.
#[derive(Default)]
pub(super) struct Text(Option<String>);

impl Text {
    /// The text as it is written, also if it is empty.
    pub(super) fn written(self) -> Option<String> {
        self.0
    }

    /// The text, if there is something in it.
    pub(super) fn filled(self) -> Option<String> {
        self.0.filter(|text| !text.is_empty())
    }
}

/// The keys of an object that matter.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Key {
    Text,
    Content,
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_unit<E>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(Text(Some(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Text, E> {
        Ok(Text(Some(text)))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Text, E> {
        Ok(Text(Some(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Text, E> {
        Ok(Text(Some(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Text, E> {
        Ok(Text(Some(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Text, E> {
        Ok(Text(Some(value.to_string())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key()? {
            match key {
                Key::Text | Key::Content => found = map.next_value::<Text>()?.written().or(found),
                Key::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Text(found))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Text, A::Error> {
        let mut found: Option<String> = None;
        while let Some(text) = list.next_element::<Text>()? {
            found = match (found, text.written()) {
                (Some(lines), Some(next)) => Some(lines + "\n" + &next),
                (lines, next) => lines.or(next),
            };
        }
        Ok(Text(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_text_is_read() {
        for (json, expected) in [
            (r#""a \"b\"""#, Some("a \"b\"")),
            (r#""""#, Some("")),
            ("null", None),
            ("2024", Some("2024")),
            ("-3", Some("-3")),
            ("0.5", Some("0.5")),
            ("true", Some("true")),
            (r#"{"text":"a","role":{"x":[1]}}"#, Some("a")),
            (r#"{"content":[{"text":"a"},{"image":{}},{"text":"b"}]}"#, Some("a\nb")),
            (r#"{"content":"a"}"#, Some("a")),
            (r#"[{"text":"a"},"b"]"#, Some("a\nb")),
            ("{}", None),
            ("[]", None),
            (r#"{"text":null}"#, None),
            (r#"{"text":"a","text":"b"}"#, Some("b")),
        ] {
            let text: Text = serde_json::from_str(json).unwrap();
            assert_eq!(text.written().as_deref(), expected, "{json}");
        }
    }
}
