//! Keys that come twice in an object of JSON, which readers take for one.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;

/// The keys in `text` that an object has twice.
pub(crate) fn repeated(text: &str) -> Vec<String> {
    let Repeated(keys) = serde_json::from_str(text).unwrap();
    keys
}

#[derive(Default)]
struct Repeated(Vec<String>);

impl<'de> Deserialize<'de> for Repeated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Repeated;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Repeated, A::Error> {
        let (mut seen, mut repeated) = (BTreeSet::new(), Vec::new());
        while let Some((key, Repeated(below))) = map.next_entry::<String, Repeated>()? {
            repeated.extend(below);
            if !seen.insert(key.clone()) {
                repeated.push(key);
            }
        }
        Ok(Repeated(repeated))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Repeated, A::Error> {
        let mut repeated = Vec::new();
        while let Some(Repeated(below)) = list.next_element()? {
            repeated.extend(below);
        }
        Ok(Repeated(repeated))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Repeated, E> {
        Ok(Repeated::default())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Repeated, E> {
        Ok(Repeated::default())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Repeated, E> {
        Ok(Repeated::default())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Repeated, E> {
        Ok(Repeated::default())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Repeated, E> {
        Ok(Repeated::default())
    }

    fn visit_unit<E: Error>(self) -> Result<Repeated, E> {
        Ok(Repeated::default())
    }
}

#[test]
fn a_key_that_comes_twice_is_found_wherever_it_is() {
    let text = r#"{"a": 1, "b": [{"c": null, "d": -1.5, "c": "x"}], "e": {"a": true}, "a": -2}"#;
    assert_eq!(repeated(text), ["c", "a"]);
    assert_eq!(repeated(r#"{"a": {"b": 1}, "b": 1}"#), Vec::<String>::new());
}
