//! The JSON Schema of specs.

use super::RunSpec;
use serde_json::Value;

/// The JSON Schema of `assay.yaml`, as published in `docs/assay.schema.json`.
pub fn schema_json() -> Value {
    let mut schema = schemars::schema_for!(RunSpec).to_value();
    if let Value::Object(schema) = &mut schema {
        schema.insert("title".to_owned(), "assay.yaml".into());
    }
    schema
}
