//! CSV (RFC 4180): a row for each sample and model, with its scores and checks.
//!
//! Spreadsheets take a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break as a formula. Texts of models
//! and users that begin so get an apostrophe in front; numbers stay numbers.

use crate::counting::{State, latency_ms};
use assay_core::record::Record;
use assay_core::summary::{Summary, record_cost};
use assay_model::pricing::Prices;
use assay_score::Score;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;

/// Rows that are being written to memory.
pub(crate) struct Export<'a> {
    writer: csv::Writer<Vec<u8>>,
    scorers: Vec<String>,
    prices: &'a Prices,
}

/// Columns before those of the scorers.
const FIRST: [&str; 9] =
    ["sample", "line", "category", "model", "recorded", "result", "failure", "failed_checks", "unscored"];
/// Columns after them.
const LAST: [&str; 8] =
    ["prompt", "reference", "response", "stop_reason", "input_tokens", "output_tokens", "latency_ms", "cost_usd"];

impl<'a> Export<'a> {
    /// Rows of the run of this summary, whose scorers are the columns, at these prices; with the header.
    ///
    /// # Errors
    /// None but those of memory.
    pub(crate) fn new(summary: &Summary, prices: &'a Prices) -> io::Result<Self> {
        let scorers: BTreeSet<&String> = summary.models.iter().flat_map(|model| model.scores.keys()).collect();
        let scorers: Vec<String> = scorers.into_iter().cloned().collect();
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::with_capacity(64 * 1024));
        let named = scorers.iter().map(|name| text(name));
        let header = FIRST.iter().map(|name| Cow::Borrowed(*name)).chain(named).chain(LAST.map(Cow::Borrowed));
        writer.write_record(header.map(|cell| cell.into_owned().into_bytes()))?;
        Ok(Self { writer, scorers, prices })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// None but those of memory.
    pub(crate) fn add(&mut self, record: &Record) -> io::Result<()> {
        let sample = &record.sample;
        let result = match State::of(record) {
            State::Unanswered => "unanswered",
            State::Failed => "failed",
            State::Unchecked => "unchecked",
            State::Passed => "passed",
        };
        let failure = record.failure.as_ref().map(|failure| format!("{}: {}", failure.class.name(), failure.message));
        let failed: Vec<&str> = record.checks.iter().filter(|check| !check.passed).map(|check| &*check.check).collect();
        let unscored = record.scores.iter().filter_map(|(name, score)| match score {
            Score::Unscored(reason) => Some(format!("{name}: {reason}")),
            Score::Value(_) => None,
        });
        let unscored: Vec<String> = unscored.collect();
        let mut cells: Vec<String> = vec![
            text(&sample.id).into_owned(),
            sample.line.to_string(),
            text(sample.category.as_deref().unwrap_or_default()).into_owned(),
            text(&record.model).into_owned(),
            record.recorded.to_string(),
            result.to_owned(),
            text(failure.as_deref().unwrap_or_default()).into_owned(),
            text(&failed.join("; ")).into_owned(),
            text(&unscored.join("; ")).into_owned(),
        ];
        let values = self.scorers.iter().map(|name| record.scores.get(name).and_then(Score::value));
        cells.extend(values.map(|value| value.map_or(String::new(), |value| value.to_string())));
        let texts: Vec<&str> =
            record.evidence.responses.iter().filter_map(|response| response.text.as_deref()).collect();
        let stops: Vec<&str> =
            record.evidence.responses.iter().filter_map(|response| response.stop_reason.as_deref()).collect();
        let usages: Vec<_> = record.evidence.responses.iter().filter_map(|response| response.usage).collect();
        let tokens = |count: u64| if usages.is_empty() { String::new() } else { count.to_string() };
        let timed = record.evidence.responses.iter().any(|response| response.latency_ms.is_some());
        cells.extend([
            text(&sample.prompt).into_owned(),
            text(sample.references.first().map_or("", String::as_str)).into_owned(),
            text(&texts.join("\n---\n")).into_owned(),
            text(&stops.join("; ")).into_owned(),
            tokens(usages.iter().map(|usage| usage.input_tokens).sum()),
            tokens(usages.iter().map(|usage| usage.output_tokens).sum()),
            if timed { latency_ms(record).to_string() } else { String::new() },
            record_cost(record, self.prices).map_or(String::new(), |cost| cost.to_string()),
        ]);
        self.writer.write_record(&cells)?;
        Ok(())
    }

    /// What was written since this was last asked.
    ///
    /// # Errors
    /// None but those of memory.
    pub(crate) fn take(&mut self) -> io::Result<Vec<u8>> {
        self.writer.flush()?;
        let empty = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let written = std::mem::replace(&mut self.writer, empty).into_inner();
        written.map_err(|error| io::Error::other(error.to_string()))
    }
}

/// A text that no spreadsheet takes for a formula.
fn text(cell: &str) -> Cow<'_, str> {
    let begins = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let is_number =
        || cell.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+')) && cell.parse::<f64>().is_ok();
    if begins && !is_number() { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sample_data::{HOSTILE, judged, model, record, summary, unanswered};
    use serde_json::json;

    fn rows(records: &[Record]) -> Vec<Vec<String>> {
        let prices = Prices::default();
        let mut export = Export::new(&summary(json!([model("m")]), json!({})), &prices).unwrap();
        let mut bytes = export.take().unwrap();
        for record in records {
            export.add(record).unwrap();
            bytes.extend(export.take().unwrap());
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_row_has_scores_and_checks() {
        let rows = rows(&[judged("m", "a", 7, 0.25, false), unanswered("b", "m")]);
        assert_eq!(rows[0].len(), FIRST.len() + 1 + LAST.len());
        let cell = |row: usize, name: &str| rows[row][rows[0].iter().position(|cell| cell == name).unwrap()].as_str();
        let told =
            ["sample", "line", "category", "result", "failed_checks", "f1", "reference"].map(|name| cell(1, name));
        assert_eq!(told, ["a", "7", "c", "failed", "contains: a", "0.25", "wanted"]);
        // Missing is not zero.
        let told = ["result", "failure", "f1", "response", "input_tokens", "latency_ms"].map(|name| cell(2, name));
        assert_eq!(told, ["unanswered", "throttled: slow down", "", "", "", ""]);
    }

    #[test]
    fn a_row_has_what_its_sample_cost() {
        let usage = json!({"input_tokens": 1_000_000, "output_tokens": 500_000});
        let asked = json!({"responses": [{"text": "x", "usage": usage}]});
        let rows = rows(&[record("us.amazon.nova-micro-v1:0", "a", asked), judged("m", "b", 1, 0.5, true)]);
        let cost = rows[0].iter().position(|name| name == "cost_usd").unwrap();
        // 0.035 and 0.14 dollars a million.
        assert_eq!((rows[1][cost].as_str(), rows[2][cost].as_str()), ("0.105", ""));
    }

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        for formula in ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "-1+1", "+", "-1e5", "-inf"]
        {
            assert_eq!(text(formula), format!("'{formula}"));
        }
        for plain in ["-5", "+49", "-0.5", "a=1", "", "3", "'=1"] {
            assert_eq!(text(plain), plain);
        }
        let hostile = format!("{HOSTILE}\"a\",\r\nb");
        let rows = rows(&[record("m", &hostile, json!({"responses": [{"text": hostile}]}))]);
        assert_eq!(rows[1][0], format!("'{hostile}"), "quotes, commas and line breaks come back");
    }

    #[test]
    fn lines_end_as_the_standard_says() {
        let prices = Prices::default();
        let mut export = Export::new(&summary(json!([model("m")]), json!({})), &prices).unwrap();
        export.add(&judged("m", "a", 1, 1.0, true)).unwrap();
        let text = String::from_utf8(export.take().unwrap()).unwrap();
        assert_eq!((text.matches("\r\n").count(), text.matches('\n').count()), (2, 2));
    }
}
