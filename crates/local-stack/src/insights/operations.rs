//! The operations: a body in, a body or an error out.

use serde_json::{Value, json};

use super::script::{LogGroup, LogsError};
use super::state::State;

/// The retentions that the service takes, in days, as its API describes PutRetentionPolicy.
const RETENTIONS: [i64; 23] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, 0];

/// Answers one call.
pub(super) fn answer(state: &mut State, operation: &str, body: &Value) -> Result<Value, LogsError> {
    if let Some(error) = state.next_error(operation) {
        return Err(error);
    }
    match operation {
        "StartQuery" => start(state, body),
        "GetQueryResults" => results(state, body),
        "StopQuery" => stop(state, body),
        "DescribeLogGroups" => Ok(groups(state, body)),
        "CreateLogGroup" => create(state, body),
        "PutRetentionPolicy" => retain(state, body),
        _ => Err(LogsError::new("UnknownOperationException", "the stand-in does not serve this")),
    }
}

fn text<'a>(body: &'a Value, member: &str) -> &'a str {
    body[member].as_str().unwrap_or_default()
}

fn start(state: &mut State, body: &Value) -> Result<Value, LogsError> {
    let named = ["logGroupName", "logGroupNames", "logGroupIdentifiers"].map(|member| &body[member]);
    let given: Vec<&Value> = named.into_iter().filter(|value| !value.is_null()).collect();
    if given.len() != 1 {
        return Err(LogsError::new("InvalidParameterException", "exactly one way to name log groups must be used"));
    }
    let names: Vec<&str> = match given[0] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        name => name.as_str().into_iter().collect(),
    };
    for name in names {
        let short = name.split_once(":log-group:").map_or(name, |(_, short)| short);
        if !state.script.any_group && !state.script.groups.iter().any(|group| group.name == short) {
            return Err(missing(name));
        }
    }
    if body["startTime"].as_i64() > body["endTime"].as_i64() {
        let message = "Query's end date and time is before its start date and time";
        return Err(LogsError::new("MalformedQueryException", message));
    }
    Ok(json!({"queryId": state.begin(text(body, "queryString"))}))
}

fn missing(name: &str) -> LogsError {
    let message = format!("Log group '{name}' does not exist for account ID '000000000000'");
    LogsError::new("ResourceNotFoundException", &message)
}

fn unknown_query() -> LogsError {
    LogsError::new("ResourceNotFoundException", "The specified query does not exist.")
}

fn results(state: &mut State, body: &Value) -> Result<Value, LogsError> {
    let query = state.queries.get_mut(text(body, "queryId")).ok_or_else(unknown_query)?;
    if !query.scripted.errors.is_empty() {
        return Err(query.scripted.errors.remove(0));
    }
    let statuses = &query.scripted.statuses;
    let status = match (query.is_stopped, statuses.len()) {
        (true, _) => "Cancelled",
        (false, 0) => "Complete",
        (false, count) => &statuses[query.looks.min(count - 1)],
    };
    // Pages are had by looks of their own, which tell the status again.
    let page = body["nextToken"].as_str().and_then(|token| token.strip_prefix("page-")?.parse::<usize>().ok());
    if body["nextToken"].is_string() && page.is_none() {
        return Err(LogsError::new("InvalidParameterException", "The specified nextToken is invalid."));
    }
    let page = page.unwrap_or(0);
    let mut found = json!({"queryLanguage": "CWLI", "status": status, "results": []});
    if let Some(matched) = query.scripted.matched {
        found["statistics"] = json!({"recordsMatched": matched, "recordsScanned": matched, "bytesScanned": 0.0});
    }
    // Rows are told while a query runs, too: those that were found until then.
    if let Some(rows) = query.scripted.pages.get(page).filter(|_| status != "Scheduled") {
        let fields = |row: &Vec<(String, String)>| {
            row.iter().map(|(field, value)| json!({"field": field, "value": value})).collect::<Vec<_>>()
        };
        found["results"] = json!(rows.iter().map(fields).collect::<Vec<_>>());
        if status == "Complete" && page + 1 < query.scripted.pages.len() {
            found["nextToken"] = json!(format!("page-{}", page + 1));
        }
    }
    query.looks += usize::from(page == 0);
    Ok(found)
}

fn stop(state: &mut State, body: &Value) -> Result<Value, LogsError> {
    let query = state.queries.get_mut(text(body, "queryId")).ok_or_else(unknown_query)?;
    query.is_stopped = true;
    Ok(json!({"success": true}))
}

fn groups(state: &State, body: &Value) -> Value {
    let prefix = text(body, "logGroupNamePrefix");
    let found: Vec<&LogGroup> = state.script.groups.iter().filter(|group| group.name.starts_with(prefix)).collect();
    let first = text(body, "nextToken").parse::<usize>().unwrap_or(0);
    let most = if state.script.groups_per_page == 0 { found.len() } else { state.script.groups_per_page };
    let shown = found.iter().skip(first).take(most).map(|group| {
        let arn = format!("arn:aws:logs:us-east-1:000000000000:log-group:{}:*", group.name);
        let mut told = json!({"logGroupName": group.name, "arn": arn});
        if let Some(days) = group.retention_days {
            told["retentionInDays"] = json!(days);
        }
        told
    });
    let mut page = json!({"logGroups": shown.collect::<Vec<_>>()});
    if first + most < found.len() {
        page["nextToken"] = json!((first + most).to_string());
    }
    page
}

fn create(state: &mut State, body: &Value) -> Result<Value, LogsError> {
    let name = text(body, "logGroupName");
    if state.script.groups.iter().any(|group| group.name == name) {
        let message = "The specified log group already exists";
        return Err(LogsError::new("ResourceAlreadyExistsException", message));
    }
    state.script.groups.push(LogGroup { name: name.to_owned(), retention_days: None });
    Ok(json!({}))
}

fn retain(state: &mut State, body: &Value) -> Result<Value, LogsError> {
    let (name, days) = (text(body, "logGroupName"), body["retentionInDays"].as_i64());
    let group = state.script.groups.iter_mut().find(|group| group.name == name).ok_or_else(|| missing(name))?;
    if !days.is_some_and(|days| RETENTIONS.contains(&days)) {
        let message = "1 validation error detected: retentionInDays is none of the values that are allowed";
        return Err(LogsError::new("InvalidParameterException", message));
    }
    group.retention_days = days;
    Ok(json!({}))
}
