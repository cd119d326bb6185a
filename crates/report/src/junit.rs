//! JUnit XML, as CI systems read it: a test suite for each model, a test case for each sample, and one for the gate.
//!
//! A failure is a sample that failed a check, an error one without an answer, and a sample that nothing checked is
//! skipped. It is written piece by piece, since a run may have any number of samples.

use crate::clean::{clean, readable};
use crate::counting::{State, Tally, latency_ms};
use assay_core::record::Record;
use assay_core::summary::Summary;
use assay_problem::clip;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

/// Characters of a name and of a text.
const LONGEST_NAME: usize = 300;
const LONGEST_TEXT: usize = 2000;

/// XML that is being written to memory.
pub(crate) struct Junit(Writer<Vec<u8>>);

impl Junit {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self(Writer::new(Vec::new()))
    }

    /// What was written since this was last asked.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(self.0.get_mut())
    }

    /// Bytes that were written since they were last taken.
    pub(crate) fn len(&self) -> usize {
        self.0.get_ref().len()
    }

    /// The beginning of the file, with the sum of all suites, and the suite of the gate where there is one.
    pub(crate) fn begin(&mut self, summary: &Summary, tallies: &BTreeMap<String, Tally>) -> io::Result<()> {
        self.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        self.line()?;
        let mut all = Tally::default();
        for tally in tallies.values() {
            all.samples += tally.samples;
            all.unanswered += tally.unanswered;
            all.failed += tally.failed;
            all.unchecked += tally.unchecked;
            all.latency_ms += tally.latency_ms;
        }
        let gate = summary.gate.as_ref();
        all.samples += u64::from(gate.is_some());
        all.failed += u64::from(gate.is_some_and(|verdict| !verdict.passed));
        self.open("testsuites", &summary.suite, all, &[])?;
        self.line()?;
        if let Some(verdict) = gate {
            let tally = Tally { samples: 1, failed: u64::from(!verdict.passed), ..Tally::default() };
            self.open("testsuite", "gate", tally, &[("timestamp", summary.finished_at.to_string())])?;
            let reasons = verdict.reasons.join("\n");
            let failure = (!verdict.passed).then(|| ("gate".to_owned(), "the gate failed".to_owned(), reasons));
            self.case(&summary.suite, "gate", 0, failure.map(|failure| ("failure", failure)))?;
            self.end_suite()?;
        }
        Ok(())
    }

    /// The beginning of a model's suite.
    pub(crate) fn begin_suite(&mut self, summary: &Summary, model: &str, tally: Tally) -> io::Result<()> {
        self.open("testsuite", model, tally, &[("timestamp", summary.finished_at.to_string())])?;
        self.line()?;
        self.0.write_event(Event::Start(BytesStart::new("properties")))?;
        for (name, value) in [("run", &summary.run), ("dataset", &summary.dataset.identity.key)] {
            let property = BytesStart::new("property");
            let value = name_of(value);
            self.0.write_event(Event::Empty(property.with_attributes([("name", name), ("value", &value)])))?;
        }
        self.end("properties")
    }

    /// A sample.
    pub(crate) fn sample(&mut self, suite: &str, record: &Record) -> io::Result<()> {
        let class = match &record.sample.category {
            Some(category) => format!("{suite}.{category}"),
            None => suite.to_owned(),
        };
        let told = match State::of(record) {
            State::Passed => None,
            State::Unchecked => Some(("skipped", (String::new(), "nothing was checked".to_owned(), String::new()))),
            State::Failed => Some(("failure", failure(record))),
            State::Unanswered => record
                .failure
                .as_ref()
                .map(|failure| ("error", (failure.class.name().to_owned(), failure.message.clone(), asked(record)))),
        };
        self.case(&class, &record.sample.id, latency_ms(record), told)
    }

    /// The end of a suite.
    pub(crate) fn end_suite(&mut self) -> io::Result<()> {
        self.end("testsuite")
    }

    /// The end of the file.
    pub(crate) fn end_all(&mut self) -> io::Result<()> {
        self.end("testsuites")
    }

    fn open(&mut self, element: &str, name: &str, tally: Tally, more: &[(&str, String)]) -> io::Result<()> {
        let mut start = BytesStart::new(element);
        start.push_attribute(("name", &*name_of(name)));
        let mut counts = vec![("tests", tally.samples), ("failures", tally.failed), ("errors", tally.unanswered)];
        if element == "testsuite" {
            counts.push(("skipped", tally.unchecked));
        }
        for (name, count) in counts {
            start.push_attribute((name, count.to_string().as_str()));
        }
        start.push_attribute(("time", seconds(tally.latency_ms).as_str()));
        for (name, value) in more {
            start.push_attribute((*name, value.as_str()));
        }
        self.0.write_event(Event::Start(start))
    }

    fn case(
        &mut self,
        class: &str,
        name: &str,
        latency_ms: u64,
        told: Option<(&str, (String, String, String))>,
    ) -> io::Result<()> {
        let (name, class, time) = (name_of(name), name_of(class), seconds(latency_ms));
        let start = BytesStart::new("testcase");
        let start = start.with_attributes([("name", &*name), ("classname", &*class), ("time", &*time)]);
        let Some((element, (kind, message, text))) = told else {
            self.0.write_event(Event::Empty(start))?;
            return self.line();
        };
        self.0.write_event(Event::Start(start))?;
        let mut inner = BytesStart::new(element);
        if !kind.is_empty() {
            inner.push_attribute(("type", &*name_of(&kind)));
        }
        inner.push_attribute(("message", &*name_of(&message)));
        if text.is_empty() {
            self.0.write_event(Event::Empty(inner))?;
        } else {
            self.0.write_event(Event::Start(inner))?;
            self.0.write_event(Event::Text(BytesText::new(&allowed(&readable(&text)))))?;
            self.0.write_event(Event::End(BytesEnd::new(element)))?;
        }
        self.end("testcase")
    }

    fn end(&mut self, element: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(element)))?;
        self.line()
    }

    fn line(&mut self) -> io::Result<()> {
        self.0.get_mut().push(b'\n');
        Ok(())
    }
}

fn failure(record: &Record) -> (String, String, String) {
    let failed: Vec<_> = record.checks.iter().filter(|check| !check.passed).collect();
    let names: Vec<&str> = failed.iter().map(|check| check.check.as_str()).collect();
    let mut text = String::new();
    for check in failed {
        let reason = check.reason.as_deref().unwrap_or("did not pass");
        text.push_str(&format!("{}: {}\n", short(&check.check), short(reason)));
    }
    text.push_str(&asked(record));
    ("check".to_owned(), names.join("; "), text)
}

/// Question, expected answer and answer.
fn asked(record: &Record) -> String {
    let mut text = format!("line {}\nasked: {}", record.sample.line, short(&record.sample.prompt));
    if let Some(reference) = record.sample.references.first() {
        text.push_str(&format!("\nwanted: {}", short(reference)));
    }
    if let Some(answer) = record.evidence.responses.iter().find_map(|response| response.text.as_deref()) {
        text.push_str(&format!("\ngot: {}", short(answer)));
    }
    text
}

fn short(text: &str) -> String {
    clip(text.chars().take(LONGEST_TEXT + 1).collect(), LONGEST_TEXT)
}

/// A text for an attribute: one line.
fn name_of(text: &str) -> String {
    let head: String = text.chars().take(LONGEST_NAME + 1).collect();
    clip(allowed(&clean(&head)).into_owned(), LONGEST_NAME)
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}

/// The text without what XML 1.0 forbids even when escaped.
fn allowed(text: &str) -> Cow<'_, str> {
    let is_allowed =
        |c: char| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    if text.chars().all(is_allowed) { Cow::Borrowed(text) } else { text.chars().filter(|c| is_allowed(*c)).collect() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sample_data::{HOSTILE, answered, judged, model, record, summary, unanswered};
    use quick_junit::{Report, TestCaseStatus};
    use serde_json::json;

    fn written(records: &[Record], gate: serde_json::Value) -> String {
        let summary = summary(json!([model("m")]), json!({"gate": gate, "suite": HOSTILE}));
        let mut survey = crate::counting::Survey::default();
        records.iter().for_each(|record| survey.see(record));
        let counting = survey.finish();
        let mut junit = Junit::new();
        junit.begin(&summary, counting.tallies()).unwrap();
        for (model, tally) in counting.tallies() {
            junit.begin_suite(&summary, model, *tally).unwrap();
            let own = records.iter().filter(|record| record.model == *model);
            own.for_each(|record| junit.sample("faq", record).unwrap());
            junit.end_suite().unwrap();
        }
        junit.end_all().unwrap();
        String::from_utf8(junit.take()).unwrap()
    }

    #[test]
    fn another_reader_finds_what_was_written() {
        let records = [
            judged("m", "bad", 1, 0.0, false),
            judged("m", "good", 2, 1.0, true),
            unanswered("lost", "m"),
            answered("open", "m", "x"),
        ];
        let xml = written(&records, json!({"passed": false, "reasons": ["f1"]}));
        let report = Report::deserialize_from_str(&xml).unwrap();
        assert_eq!((report.tests, report.failures, report.errors), (5, 2, 1));
        assert_eq!(report.test_suites.iter().map(|suite| suite.name.as_str()).collect::<Vec<_>>(), ["gate", "m"]);
        let suite = &report.test_suites[1];
        assert_eq!((suite.tests, suite.errors, suite.failures), (4, 1, 1));
        assert!(
            xml.contains(r#"<testsuite name="m" tests="4" failures="1" errors="1" skipped="1" time="0.100""#),
            "{xml}"
        );
        let states: Vec<&str> = suite
            .test_cases
            .iter()
            .map(|case| match &case.status {
                TestCaseStatus::Success { .. } => "passed",
                TestCaseStatus::Skipped { .. } => "skipped",
                TestCaseStatus::NonSuccess { kind, .. } if format!("{kind:?}") == "Error" => "error",
                TestCaseStatus::NonSuccess { .. } => "failure",
            })
            .collect();
        assert_eq!(states, ["failure", "passed", "error", "skipped"]);
        assert_eq!(suite.test_cases[3].time, Some(std::time::Duration::from_millis(100)));
        assert_eq!(suite.test_cases[0].classname.as_deref(), Some("faq.c"));
        let TestCaseStatus::NonSuccess { message, ty, description, .. } = &suite.test_cases[0].status else {
            unreachable!()
        };
        assert_eq!((message.as_deref(), ty.as_deref()), (Some("contains: a"), Some("check")));
        assert!(description.as_ref().unwrap().contains("contains: a: not found\nline 1\nasked: asked\nwanted: wanted"));
    }

    #[test]
    fn whatever_texts_hold_it_is_well_formed() {
        let forbidden = format!("{HOSTILE}\u{fffe}\u{8}\r\n\u{85}");
        let sample = json!({"category": forbidden, "prompt": forbidden, "references": [forbidden]});
        let checks = json!([{"check": forbidden, "passed": false, "reason": forbidden}]);
        let hostile = record(&forbidden, &forbidden, json!({"sample": sample, "checks": checks}));
        let xml = written(&[hostile], json!({"passed": false, "reasons": [forbidden]}));
        assert!(!xml.contains(['\u{fffe}', '\u{8}', '\0', '\u{1b}', '\u{202e}']) && !xml.contains("<script"));
        let mut reader = quick_xml::Reader::from_str(&xml);
        let mut elements = 0;
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(start) | Event::Empty(start) => {
                    elements += 1;
                    start.attributes().for_each(|attribute| drop(attribute.unwrap()));
                }
                _ => {}
            }
        }
        // All suites, the gate's with a case and a failure, the model's with two properties, a case and a failure.
        assert_eq!(elements, 1 + 3 + 1 + 3 + 2);
        assert_eq!(Report::deserialize_from_str(&xml).unwrap().failures, 2);
    }
}
