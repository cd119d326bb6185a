//! What the stand-in puts into a tool that it is made to use: something that fits the tool's schema, the same at any
//! time and on any machine.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// An input for a tool with this schema, from the SHA-256 of model id, prompt and property: of an `enum` one of its
/// values, of a bounded integer one within the bounds, of a text a short sentence. It knows as much of JSON Schema as a
/// judge's form needs.
#[must_use]
pub fn deterministic_input(model: &str, prompt: &str, schema: &Value) -> Value {
    let properties = schema["properties"].as_object();
    let fill = |(name, property): (&String, &Value)| {
        let digest = Sha256::new().chain_update(model).chain_update([0]).chain_update(prompt).chain_update([0]);
        let digest = digest.chain_update(name).finalize();
        let number = digest.iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        (name.clone(), value(property, number))
    };
    Value::Object(properties.into_iter().flatten().map(fill).collect::<Map<_, _>>())
}

fn value(property: &Value, number: u32) -> Value {
    if let Some(options) = property["enum"].as_array()
        && !options.is_empty()
    {
        return options[number as usize % options.len()].clone();
    }
    match property["type"].as_str() {
        Some("integer" | "number") => {
            let least = property["minimum"].as_i64().unwrap_or(0);
            let most = property["maximum"].as_i64().unwrap_or(least + 9).max(least);
            json!(least + i64::from(number) % (most - least + 1))
        }
        Some("boolean") => json!(number.is_multiple_of(2)),
        _ => json!(format!("The stand-in found {number:08x}.")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_input_fits_its_schema_and_stays() {
        let schema = json!({"type": "object", "properties": {
            "explanation": {"type": "string"},
            "rating": {"type": "integer", "minimum": 1, "maximum": 5},
            "preferred": {"type": "string", "enum": ["A", "B", "tie"]}
        }});
        let mut ratings = [0; 6];
        for number in 0..500 {
            let prompt = number.to_string();
            let input = deterministic_input("m", &prompt, &schema);
            assert_eq!(input, deterministic_input("m", &prompt, &schema));
            ratings[usize::try_from(input["rating"].as_u64().unwrap()).unwrap()] += 1;
            assert!(["A", "B", "tie"].contains(&input["preferred"].as_str().unwrap()));
            assert!(input["explanation"].is_string());
        }
        assert!(ratings[0] == 0 && ratings[1..].iter().all(|count| *count > 50), "{ratings:?}");
    }
}
