//! Answers as tables and as JSON. `-` is what the log does not tell.

use crate::output;
use assay_model::pricing::usd_text;
use assay_monitor::logs::{Answered, ByTraffic, Costs, Errors, Slowness, TokenCount};
use assay_report::clean;
use comfy_table::CellAlignment;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write;

/// An answer with what was asked.
#[derive(Debug, Serialize)]
pub(super) struct Told<'a, T> {
    /// The question.
    pub question: &'a str,
    /// The log group.
    pub log_group: &'a str,
    /// From when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// The answer.
    #[serde(flatten)]
    pub answer: ByTraffic<T>,
}

/// Costs, and whether there may be more rows.
#[derive(Debug, Serialize)]
pub(super) struct Priced {
    /// The costs.
    #[serde(flatten)]
    pub costs: Costs,
    /// Whether there may be more.
    pub limit_reached: bool,
}

/// An answer for people.
pub(super) fn text<T>(told: &Told<'_, T>, text: impl Fn(&T, u16) -> String) -> String {
    let width = output::width(240);
    let second = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let (since, until) = (second(told.since), second(told.until));
    let mut whole = format!("{} from {since} to {until} UTC\n", clean(told.log_group));
    for (heading, part) in [
        ("Production: all calls but Assay's own", &told.answer.production),
        ("Evaluation: Assay's own calls", &told.answer.evaluation),
    ] {
        let _ = write!(whole, "\n{heading}\n{}", text(part, width));
    }
    whole
}

/// A table; `numbers` are the columns of numbers.
fn table(header: &[&str], numbers: std::ops::Range<usize>, rows: Vec<Vec<String>>, width: u16) -> String {
    if rows.is_empty() {
        return "  none\n".to_owned();
    }
    let mut table = output::table(header, rows, width);
    for column in numbers {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{table}\n")
}

fn more(limit_reached: bool) -> &'static str {
    if limit_reached { "  as many as were asked for at most; there may be more\n" } else { "" }
}

fn name(text: &Option<String>) -> String {
    text.clone().unwrap_or_else(|| "-".to_owned())
}

fn count(number: Option<u64>) -> String {
    number.map_or("-".to_owned(), |number| number.to_string())
}

fn milliseconds(number: Option<f64>) -> String {
    number.map_or("-".to_owned(), |number| format!("{number:.0}"))
}

/// The slowest calls, and latencies by model.
pub(super) fn slow(found: &Slowness, width: u16) -> String {
    let latencies = found.latencies.rows.iter().map(|row| {
        let [p50, p90, p99, longest] = [row.p50_ms, row.p90_ms, row.p99_ms, row.longest_ms].map(milliseconds);
        let [calls, measured] = [row.calls, row.measured].map(count);
        vec![name(&row.model), name(&row.operation), calls, measured, p50, p90, p99, longest]
    });
    let header = ["model", "operation", "calls", "measured", "p50 ms", "p90 ms", "p99 ms", "longest ms"];
    let mut text = table(&header, 2..8, latencies.collect(), width) + more(found.latencies.limit_reached);
    let unmeasured = |row: &assay_monitor::logs::Latency| row.measured < row.calls;
    if found.latencies.rows.iter().any(unmeasured) {
        text.push_str(
            "  calls without a latency in the log: InvokeModel, streams of InvokeModel, and calls that failed\n",
        );
    }
    let calls = found.slowest.rows.iter().map(|row| {
        let at = row.at.map_or("-".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%S").to_string());
        let latency = milliseconds(row.latency_ms);
        let [input, output] = [row.input_tokens, row.output_tokens].map(count);
        let [model, request, stop, caller] = [&row.model, &row.request, &row.stop_reason, &row.caller].map(name);
        vec![at, latency, input, output, model, stop, request, caller]
    });
    let calls: Vec<Vec<String>> = calls.collect();
    if !calls.is_empty() {
        let header = ["at (UTC)", "ms", "tokens in", "tokens out", "model", "ended by", "request", "caller"];
        text += "slowest calls\n";
        text += &table(&header, 1..4, calls, width);
        text += more(found.slowest.limit_reached);
    }
    text
}

/// Errors, and answers that were cut short.
pub(super) fn errors(found: &Errors, width: u16) -> String {
    let share = |calls: u64, of: u64| match of {
        0 => "-".to_owned(),
        of => format!("{:.1} %", calls as f64 / of as f64 * 100.0),
    };
    let rows = found.errors.iter().map(|row| {
        let [model, operation] = [&row.model, &row.operation].map(name);
        let counts = [row.calls.to_string(), row.of_calls.to_string(), share(row.calls, row.of_calls)];
        [vec![model, operation, row.error.clone()], counts.to_vec()].concat()
    });
    let mut text = table(&["model", "operation", "error", "calls", "of", "share"], 3..6, rows.collect(), width);
    let rows = found.stops.iter().map(|row| {
        let [model, operation] = [&row.model, &row.operation].map(name);
        let counts = [row.calls.to_string(), row.of_calls.to_string(), share(row.calls, row.of_calls)];
        [vec![model, operation, row.stop_reason.clone()], counts.to_vec()].concat()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if !rows.is_empty() {
        text += "answers that were cut short or blocked\n";
        text += &table(&["model", "operation", "ended by", "calls", "of", "share"], 3..6, rows, width);
    }
    text + more(found.limit_reached)
}

fn token_cells(row: &TokenCount) -> Vec<String> {
    let counts =
        [row.calls, row.input_tokens, row.output_tokens, row.cache_read_tokens, row.cache_write_tokens].map(count);
    [vec![name(&row.model), name(&row.caller)], counts.to_vec()].concat()
}

/// Tokens by model and caller.
pub(super) fn tokens(found: &Answered<TokenCount>, width: u16) -> String {
    let rows = found.rows.iter().map(token_cells).collect();
    let header = ["model", "caller", "calls", "in", "out", "cache read", "cache write"];
    table(&header, 2..7, rows, width) + more(found.limit_reached)
}

/// What tokens cost.
pub(super) fn cost(found: &Priced, width: u16) -> String {
    let rows = found.costs.rows.iter().map(|row| {
        let mut cells = token_cells(&row.tokens);
        cells.push(row.usd.map_or("unknown".to_owned(), usd_text));
        cells
    });
    let header = ["model", "caller", "calls", "in", "out", "cache read", "cache write", "cost"];
    let mut text = table(&header, 2..8, rows.collect(), width);
    let total = &found.costs.total;
    let unknown = total.unknown.join(", ");
    let told = match total.usd {
        Some(usd) if total.complete => Some(usd_text(usd)),
        Some(usd) => Some(format!("{} without {unknown}, whose cost is unknown", usd_text(usd))),
        None if total.complete => None,
        None => Some(format!("unknown, as the cost of {unknown} is")),
    };
    if let Some(told) = told {
        let _ = writeln!(text, "Cost: {}", clean(&told));
    }
    let prices: BTreeSet<&String> = found.costs.rows.iter().filter_map(|row| row.price.as_ref()).collect();
    for price in prices {
        let _ = writeln!(text, "Prices: {}", clean(price));
    }
    text + more(found.limit_reached)
}
