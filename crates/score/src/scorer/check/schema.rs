//! The JSON Schema of a check, by which editors complete and check `assay.yaml`.

use super::assertion::Check;
use super::form::{Argument, FORMS, NOT, WEIGHT};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

impl JsonSchema for Check {
    fn schema_name() -> Cow<'static, str> {
        "Check".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut properties = Map::new();
        let mut one_of = Vec::with_capacity(2 * FORMS.len());
        for form in &FORMS {
            for (name, meaning) in
                [(form.name.to_owned(), form.meaning), (format!("{NOT}{}", form.name), form.opposite)]
            {
                one_of.push(json!({ "required": [name] }));
                properties.insert(name, described(form.argument, meaning));
            }
        }
        let weight = "How much the check counts in the check score; 1 if left out.";
        properties.insert(WEIGHT.to_owned(), json!({ "description": weight, "type": "number", "exclusiveMinimum": 0 }));
        json_schema!({
            "description": "One assertion that an answer passes or fails: a map with one check, such as \
                `{icontains: \"30 days\"}`, and perhaps its `weight`.",
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
            "oneOf": one_of,
        })
    }
}

fn described(argument: Argument, meaning: &str) -> Value {
    let mut schema = match argument {
        Argument::Text(_) => json!({ "type": "string", "minLength": 1 }),
        Argument::Texts(_) => json!({ "type": "array", "items": { "type": "string", "minLength": 1 }, "minItems": 1 }),
        Argument::Length(_) => json!({ "type": "integer", "minimum": 0 }),
        Argument::Value(_) => json!({ "type": ["string", "number", "boolean", "array", "object"] }),
        Argument::Schema(_) => json!({ "type": ["object", "boolean"] }),
        Argument::True(_) => json!({ "const": true }),
    };
    if let Value::Object(schema) = &mut schema {
        schema.insert("description".to_owned(), format!("The answer {meaning}.").into());
    }
    schema
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_schema_allows_what_is_read_and_refuses_what_is_not() {
        let validator = jsonschema::validator_for(&schemars::schema_for!(Check).to_value()).unwrap();
        let written = [
            r#"{"contains":"a"}"#,
            r#"{"not_contains":"a","weight":2}"#,
            r#"{"icontains_all":["a","b"]}"#,
            r#"{"not_contains_any":["a"]}"#,
            r#"{"equals":{"a":1}}"#,
            r#"{"equals":""}"#,
            r#"{"equals":1.5}"#,
            r#"{"is_json":true}"#,
            r#"{"not_is_refusal":true,"weight":0.5}"#,
            r#"{"json_schema":{"type":"object"}}"#,
            r#"{"json_schema":true}"#,
            r#"{"max_length":40.0}"#,
            r#"{"contain":"a"}"#,
            r#"{"contains":"a","regex":"b"}"#,
            r#"{"contains":"a","not_contains":"b"}"#,
            r#"{}"#,
            r#"{"weight":1}"#,
            r#"{"contains":"a","weight":0}"#,
            r#"{"contains":"a","weight":"1"}"#,
            r#"{"contains":["a"]}"#,
            r#"{"contains_any":"a"}"#,
            r#"{"contains_any":["a",1]}"#,
            r#"{"equals":null}"#,
            r#"{"is_json":false}"#,
            r#"{"is_json":{}}"#,
            r#"{"json_schema":[]}"#,
            r#"{"max_length":-1}"#,
            r#"{"min_length":1.5}"#,
            r#"[]"#,
            r#""contains""#,
        ];
        let mut allowed = 0;
        for text in written {
            let value: Value = serde_json::from_str(text).unwrap();
            let read = serde_json::from_str::<Check>(text).is_ok();
            assert_eq!(validator.is_valid(&value), read, "{text}");
            allowed += usize::from(read);
        }
        assert_eq!(allowed, 12);
    }
}
