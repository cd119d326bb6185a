//! YAML to JSON values, with the line on which each value stands.
//!
//! What the values mean is left to `spec_file.rs`.

mod nesting;

use assay_problem::Problem;
use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Number, Value};
use std::collections::HashMap;

/// The line of each value, by its JSON pointer.
pub(super) type Lines = HashMap<String, u64>;

/// Values under this key are a model's own, and stay as they were written.
const PASSED_ON: &str = "/additional_model_request_fields/";

/// Reads the one document in `text`.
///
/// # Errors
/// Every problem of it.
pub(super) fn read(place: &str, text: &str) -> Result<(Value, Lines), Vec<Problem>> {
    let text = text.trim_start_matches('\u{feff}');
    if let Some(problem) = nesting::refusal(place, text) {
        return Err(vec![problem]);
    }
    let document = match MarkedYaml::load_from_str(text) {
        Ok(mut documents) if documents.len() == 1 => documents.remove(0),
        Ok(documents) => {
            let message = format!("expected one YAML document, found {}", documents.len());
            return Err(vec![Problem::error(place, message).remedy("write the spec as one mapping")]);
        }
        Err(error) => {
            let problem = Problem::error(place, format!("not valid YAML: {}", error.info()));
            let line = error.marker().line() as u64;
            return Err(vec![problem.on_line(line).remedy("check indentation, quotes and colons there")]);
        }
    };
    let mut lines = Lines::new();
    let mut problems = Vec::new();
    let value = Walk { place, lines: &mut lines, problems: &mut problems }.value(&document, "");
    if problems.is_empty() { Ok((value, lines)) } else { Err(problems) }
}

/// Walks the YAML tree, keeping the line of every node under its JSON pointer.
struct Walk<'a> {
    place: &'a str,
    lines: &'a mut HashMap<String, u64>,
    problems: &'a mut Vec<Problem>,
}

impl Walk<'_> {
    fn value(&mut self, node: &MarkedYaml<'_>, pointer: &str) -> Value {
        let line = node.span.start.line() as u64;
        self.lines.entry(pointer.to_owned()).or_insert(line);
        match &node.data {
            YamlData::Value(scalar) => self.scalar(scalar, line, pointer),
            YamlData::Sequence(items) => {
                let items = items.iter().enumerate();
                Value::Array(items.map(|(index, item)| self.value(item, &format!("{pointer}/{index}"))).collect())
            }
            YamlData::Mapping(entries) => {
                let mut object = Map::new();
                for (key, entry) in entries {
                    let line = key.span.start.line() as u64;
                    let Some(name) = key.data.as_str() else {
                        let problem = Problem::error(self.place, "a key is not a string").on_line(line);
                        self.problems.push(problem.remedy("put it in quotes"));
                        continue;
                    };
                    let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                    self.lines.insert(pointer.clone(), line);
                    object.insert(name.to_owned(), self.value(entry, &pointer));
                }
                Value::Object(object)
            }
            _ => {
                let problem = Problem::error(self.place, "anchors, aliases and tags are not read").on_line(line);
                self.problems.push(problem.remedy("write the value out"));
                Value::Null
            }
        }
    }

    fn scalar(&mut self, scalar: &Scalar<'_>, line: u64, pointer: &str) -> Value {
        match scalar {
            Scalar::Null => Value::Null,
            Scalar::Boolean(flag) => Value::Bool(*flag),
            Scalar::Integer(number) => Value::Number((*number).into()),
            // To a schema, `2.0` is an integer; the types that are read from it take `2` only.
            Scalar::FloatingPoint(number) if is_integral(number.into_inner()) && !pointer.contains(PASSED_ON) => {
                Value::Number((number.into_inner() as i64).into())
            }
            Scalar::FloatingPoint(number) => match Number::from_f64(number.into_inner()) {
                Some(number) => Value::Number(number),
                None => {
                    let problem = Problem::error(self.place, "not a finite number").on_line(line);
                    self.problems.push(problem.remedy("write a number"));
                    Value::Null
                }
            },
            Scalar::String(text) => Value::String(text.to_string()),
        }
    }
}

/// Whether a number is an integer that a 64-bit float holds exactly.
fn is_integral(number: f64) -> bool {
    const EXACT: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;
    number.fract() == 0.0 && number.abs() <= EXACT
}
