//! AWS's own description of a service (the `service-2.json` that botocore ships), to check bodies
//! with.
//!
//! Reading it is done here; the shapes are in `shape`, the walk over them in `check`. Where the file
//! lies, and what becomes of a violation, is left to the caller.

mod check;
mod scalar;
mod shape;
mod violation;

pub use violation::Violation;

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;

use check::Check;
use shape::{Reference, Shape};

/// The operations and shapes of one service.
#[derive(Debug, Deserialize)]
pub struct ServiceModel {
    operations: HashMap<String, Operation>,
    shapes: HashMap<String, Shape>,
}

#[derive(Debug, Deserialize)]
struct Operation {
    input: Option<Reference>,
    output: Option<Reference>,
}

impl ServiceModel {
    /// Reads a model from `service-2.json` or `service-2.json.gz`.
    ///
    /// # Errors
    /// When the file cannot be read, is not such a model, or refers to shapes that it lacks.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let stored =
            std::fs::read(path).with_context(|| format!("cannot read the service model {}", path.display()))?;
        let json = if path.extension().is_some_and(|extension| extension == "gz") {
            let mut json = Vec::new();
            flate2::read::GzDecoder::new(stored.as_slice())
                .read_to_end(&mut json)
                .with_context(|| format!("cannot unpack the service model {}", path.display()))?;
            json
        } else {
            stored
        };
        Self::from_json(&json).with_context(|| format!("in the service model {}", path.display()))
    }

    /// Reads a model from the text of a `service-2.json`.
    ///
    /// # Errors
    /// When the text is not such a model, or refers to shapes that it lacks.
    pub fn from_json(json: &[u8]) -> anyhow::Result<Self> {
        let model: Self = serde_json::from_slice(json).context("not the JSON of an AWS service model")?;
        let of_operations =
            model.operations.values().flat_map(|operation| operation.input.iter().chain(&operation.output));
        let of_shapes = model.shapes.values().flat_map(Shape::references);
        let mut missing: Vec<&str> = of_operations
            .chain(of_shapes)
            .map(|reference| reference.shape.as_str())
            .filter(|name| !model.shapes.contains_key(*name))
            .collect();
        if !missing.is_empty() {
            missing.sort_unstable();
            missing.dedup();
            bail!("shapes are referred to but not described: {}", missing.join(", "));
        }
        Ok(model)
    }

    /// Everything in which a request's body, and the parts of its address, break the operation's
    /// input shape.
    ///
    /// `labels` are the decoded parts of the address by member name, for example `modelId`.
    /// Members that travel in headers or the query are not looked at.
    #[must_use]
    pub fn check_input(&self, operation: &str, labels: &[(&str, &str)], body: &Value) -> Vec<Violation> {
        self.check(operation, |found| found.input.as_ref(), labels, body)
    }

    /// Everything in which an answer's body breaks the operation's output shape.
    #[must_use]
    pub fn check_output(&self, operation: &str, body: &Value) -> Vec<Violation> {
        self.check(operation, |found| found.output.as_ref(), &[], body)
    }

    fn check(
        &self,
        operation: &str,
        side: impl Fn(&Operation) -> Option<&Reference>,
        labels: &[(&str, &str)],
        body: &Value,
    ) -> Vec<Violation> {
        let mut check = Check::new(&self.shapes);
        match self.operations.get(operation) {
            None => check.violation(format!("operation {operation} is not in the service model")),
            Some(found) => {
                if let Some(reference) = side(found) {
                    check.message(&reference.shape, labels, body);
                }
            }
        }
        check.into_violations()
    }
}

#[cfg(test)]
mod tests;
