//! What the stand-in for CloudWatch Logs answers, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Everything that is answered. The default has no log group and answers every query with no rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogsScript {
    /// Queries by what their text contains: the first entry that fits decides. A query without an entry is complete at once
    /// and has no rows.
    pub queries: Vec<ScriptedQuery>,
    /// The log groups. Queries of any other group are refused, unless `any_group`.
    pub groups: Vec<LogGroup>,
    /// Whether every log group may be asked.
    pub any_group: bool,
    /// How many log groups DescribeLogGroups tells at a time; 0 means all.
    pub groups_per_page: usize,
    /// Errors in place of answers, by operation: each call takes one off the front.
    pub errors: BTreeMap<String, Vec<LogsError>>,
    /// Time from the arrival of a call to its answer, in milliseconds.
    pub latency_ms: u64,
    /// Operations whose calls are answered only once another script is set.
    pub held: Vec<String>,
}

/// What comes of a query.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScriptedQuery {
    /// Only queries whose text contains all of these.
    pub contains: Vec<String>,
    /// Only queries whose text contains none of these.
    pub lacks: Vec<String>,
    /// The status at each look, in order; the last one stays. Empty: `Complete`.
    pub statuses: Vec<String>,
    /// Errors at looks, before any status: each look takes one off the front.
    pub errors: Vec<LogsError>,
    /// The rows, page by page, each a list of field and value.
    pub pages: Vec<Vec<Vec<(String, String)>>>,
    /// How many records are said to have been matched; absent: there are no statistics.
    pub matched: Option<f64>,
}

/// An error of the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogsError {
    /// Its name, such as `MalformedQueryException`.
    pub name: String,
    /// What it says.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
}

/// A log group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogGroup {
    /// Its name.
    pub name: String,
    /// For how long it keeps events, in days; absent: for good.
    #[serde(default)]
    pub retention_days: Option<i64>,
}

impl LogsScript {
    /// A script for one log group.
    #[must_use]
    pub fn of_group(name: &str) -> Self {
        let group = LogGroup { name: name.to_owned(), retention_days: None };
        Self { groups: vec![group], ..Self::default() }
    }

    /// The same with one query more.
    #[must_use]
    pub fn with(mut self, query: ScriptedQuery) -> Self {
        self.queries.push(query);
        self
    }

    /// The same with the answers to an operation held back.
    #[must_use]
    pub fn holding(mut self, operation: &str) -> Self {
        self.held.push(operation.to_owned());
        self
    }

    /// The same with one error more for an operation.
    #[must_use]
    pub fn failing(mut self, operation: &str, error: LogsError) -> Self {
        self.errors.entry(operation.to_owned()).or_default().push(error);
        self
    }
}

impl ScriptedQuery {
    /// A query that is complete at once, for texts that contain `contains`.
    #[must_use]
    pub fn of(contains: &[&str], rows: Vec<Vec<(String, String)>>) -> Self {
        let contains = contains.iter().map(|text| (*text).to_owned()).collect();
        Self { contains, pages: vec![rows], ..Self::default() }
    }

    /// The same, for texts that lack `text`.
    #[must_use]
    pub fn lacking(mut self, text: &str) -> Self {
        self.lacks.push(text.to_owned());
        self
    }

    /// The same with these statuses.
    #[must_use]
    pub fn going(mut self, statuses: &[&str]) -> Self {
        self.statuses = statuses.iter().map(|status| (*status).to_owned()).collect();
        self
    }
}

impl LogsError {
    /// An error with the status 400, as most of this service have.
    #[must_use]
    pub fn new(name: &str, message: &str) -> Self {
        Self { name: name.to_owned(), message: message.to_owned(), status: 400 }
    }

    /// The same with another status.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

/// A row from its fields and values.
#[must_use]
pub fn row(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}
