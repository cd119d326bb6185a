//! Checks that are ready to be evaluated, and what becomes of them.

use super::assertion::Check;
use super::test::{Answer, Test};
use assay_problem::clip;
use serde::{Deserialize, Serialize};

/// The longest label of a check, in characters: a schema may be as long as a file.
const LONGEST_LABEL: usize = 200;

/// What became of one check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckResult {
    /// The check as it was written, such as `icontains: 30 days`; at most 200 characters of it.
    pub check: String,
    /// Whether the answer passed.
    pub passed: bool,
    /// How much the check counts in the [`check_score`]: positive.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
    /// Why it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

fn one() -> f64 {
    1.0
}

fn is_one(weight: &f64) -> bool {
    *weight == 1.0
}

/// The weight of the checks that passed by the weight of all, from 0 to 1; `None` when nothing was checked.
///
/// Whether an answer passes is another question: it does when all of its checks do.
pub fn check_score(results: &[CheckResult]) -> Option<f64> {
    // By the largest, so that the sum of large weights stays finite.
    let largest = results.iter().map(|result| result.weight).reduce(f64::max)?;
    let weight = |result: &CheckResult| result.weight / largest;
    let passed: f64 = results.iter().filter(|result| result.passed).map(weight).sum();
    Some(passed / results.iter().map(weight).sum::<f64>())
}

/// A check that is ready to be evaluated many times.
#[derive(Debug, Clone)]
pub struct CompiledCheck {
    label: String,
    test: Test,
    negated: bool,
    weight: f64,
}

/// Checks that are evaluated together.
#[derive(Debug, Clone, Default)]
pub struct CheckSet {
    checks: Vec<CompiledCheck>,
}

impl CheckSet {
    /// Prepares all checks, or tells every problem: which check (counted from 1), what is wrong, what would be right.
    pub fn compile(checks: &[Check]) -> Result<Self, Vec<String>> {
        let (mut compiled, mut problems) = (Vec::with_capacity(checks.len()), Vec::new());
        for (index, check) in checks.iter().enumerate() {
            match CompiledCheck::new(check) {
                Ok(check) => compiled.push(check),
                Err(problem) => problems.push(format!("check {} ({}): {problem}", index + 1, label(check))),
            }
        }
        if problems.is_empty() { Ok(Self { checks: compiled }) } else { Err(problems) }
    }

    /// Number of checks.
    pub fn len(&self) -> usize {
        self.checks.len()
    }

    /// Whether there is nothing to check.
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }

    /// Results in the order of the checks.
    pub fn evaluate(&self, response: &str) -> Vec<CheckResult> {
        let answer = Answer::new(response);
        self.checks.iter().map(|check| check.judge(&answer)).collect()
    }
}

impl CompiledCheck {
    /// Prepares one check, or tells what is wrong with it.
    pub fn new(check: &Check) -> Result<Self, String> {
        if !(check.weight.is_finite() && check.weight > 0.0) {
            return Err("weighs nothing; `weight` takes a number above 0".to_owned());
        }
        let test = Test::of(&check.assertion)?;
        Ok(Self { label: label(check), test, negated: check.negated, weight: check.weight })
    }

    /// Whether the response passes, and why not.
    pub fn evaluate(&self, response: &str) -> CheckResult {
        self.judge(&Answer::new(response))
    }

    fn judge(&self, answer: &Answer<'_>) -> CheckResult {
        let reason = match (self.test.holds(answer), self.negated) {
            (true, false) | (false, true) => None,
            (false, false) => Some(self.test.lacking(answer)),
            (true, true) => Some(self.test.unwanted(answer)),
        };
        CheckResult { check: self.label.clone(), passed: reason.is_none(), weight: self.weight, reason }
    }
}

fn label(check: &Check) -> String {
    clip(check.to_string(), LONGEST_LABEL)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Assertion;
    use super::*;
    use serde_json::json;

    fn check(written: serde_json::Value) -> Check {
        serde_json::from_value(written).unwrap()
    }

    fn reason(written: serde_json::Value, response: &str) -> Option<String> {
        let result = CompiledCheck::new(&check(written)).unwrap().evaluate(response);
        assert_eq!(result.passed, result.reason.is_none());
        result.reason
    }

    #[test]
    fn results_name_the_check_and_the_reason() {
        let checks = [Assertion::Icontains("30 Days".to_owned()).into(), Check::from(Assertion::MaxLength(10))];
        let results = CheckSet::compile(&checks).unwrap().evaluate("Within 30 DAYS.");
        assert_eq!(results[0].check, "icontains: 30 Days");
        assert!(results[0].passed && results[0].reason.is_none());
        assert_eq!(serde_json::to_string(&results[0]).unwrap(), r#"{"check":"icontains: 30 Days","passed":true}"#);
        let too_long = "answer has 15 characters, at most 10 are allowed";
        assert_eq!(results[1].reason.as_deref(), Some(too_long));
    }

    /// Each line: a check, an answer that it passes and one that it does not, and what is said of each if it should
    /// have been the other way round.
    #[test]
    fn every_check_says_why_and_so_does_its_opposite() {
        let cases = [
            (r#""contains":"a""#, "cat", "dog", r#"contains "a""#, r#"does not contain "a""#),
            (r#""icontains":"A""#, "cat", "dog", r#"contains "A" in any case"#, r#"does not contain "A" in any case"#),
            (r#""contains_any":["x","a"]"#, "cat", "dog", r#"contains "a""#, "contains none of the 2 texts"),
            (r#""contains_all":["c","a"]"#, "cat", "cod", "contains all of the 2 texts", r#"does not contain "a""#),
            (r#""icontains_any":["x","A"]"#, "cat", "dog", r#"contains "A" in"#, "contains none of the 2 texts in"),
            (r#""icontains_all":["C","A"]"#, "cat", "cod", "contains all of the 2 texts in", r#"contain "A" in any"#),
            (r#""equals":"cat""#, "cat", "cat ", r#"answer is "cat""#, r#"answer is not "cat""#),
            (r#""equals":{"a":[1]}"#, "{\"a\": [1.0]}", "{}", "is equal to {", "is not equal to {"),
            (r#""equals":12"#, " 12\n", "[12", "is equal to 12", "not JSON: it ends too early"),
            (r#""equals":true"#, "true", "yes", "is equal to true", "not JSON from character 1 on"),
            (r#""starts_with":"ca""#, "cat", "Cat", r#"begins with "ca""#, r#"does not begin with "ca""#),
            (r#""ends_with":"at""#, "cat", "cat.", r#"ends with "at""#, r#"does not end with "at""#),
            (r#""regex":"^c.t$""#, "cat", "cart", "matches `^c.t$`", "does not match `^c.t$`"),
            (r#""is_json":true"#, "[1]", "\u{e9}", "is JSON", "not JSON from character 1 on"),
            (
                r#""max_length":2"#,
                "\u{e9}\u{1f600}",
                "cat",
                "has 2 characters, more than 2",
                "has 3 characters, at most 2",
            ),
            (
                r#""min_length":2"#,
                "\u{e9}\u{1f600}",
                "c",
                "has 2 characters, fewer than 2",
                "has 1 characters, at least 2",
            ),
            (r#""is_refusal":true"#, "I can't help with that.", "Yes.", "answer refuses", "does not refuse"),
            (
                r#""json_schema":{"properties":{"age":{"type":"integer"}}}"#,
                r#"{"age":4}"#,
                r#"{"age":"secret"}"#,
                "is valid by the schema",
                "breaks the schema at /age: the value is not of type \"integer\"",
            ),
        ];
        for (form, good, bad, has, lacks) in cases {
            let plain: serde_json::Value = serde_json::from_str(&format!("{{{form}}}")).unwrap();
            let opposite: serde_json::Value =
                serde_json::from_str(&format!("{{{}}}", form.replacen('"', "\"not_", 1))).unwrap();
            assert_eq!(reason(plain.clone(), good), None, "{form}");
            assert_eq!(reason(opposite.clone(), bad), None, "not {form}");
            let (lacking, unwanted) = (reason(plain, bad).unwrap(), reason(opposite, good).unwrap());
            assert!(lacking.contains(lacks), "{form}: {lacking}");
            assert!(unwanted.contains(has), "not {form}: {unwanted}");
        }
    }

    #[test]
    fn the_score_of_checks_is_weighted_and_passing_is_not() {
        let written = [json!({"contains": "a", "weight": 3}), json!({"contains": "z"}), json!({"max_length": 9})];
        let results = CheckSet::compile(&written.map(check)).unwrap().evaluate("a");
        assert_eq!(check_score(&results), Some(0.8));
        assert_eq!(serde_json::to_value(&results[0]).unwrap()["weight"], 3.0);
        let read: CheckResult = serde_json::from_str(&serde_json::to_string(&results[0]).unwrap()).unwrap();
        assert_eq!(read, results[0]);
        assert_eq!(check_score(&[]), None);
        let huge = CheckResult { weight: f64::MAX, ..results[0].clone() };
        assert_eq!(check_score(&[huge.clone(), huge]), Some(1.0));
    }

    #[test]
    fn every_bad_check_is_reported() {
        let written = [
            json!({"regex": "a(b"}),
            json!({"max_length": 1}),
            json!({"contains": ""}),
            json!({"regex": "(?=a)"}),
            json!({"regex": r"(\w{900}){900}"}),
            json!({"contains_any": []}),
            json!({"icontains_all": ["a", ""]}),
            json!({"json_schema": {"properties": {"a": {"type": "text"}}}}),
            json!({"json_schema": {"properties": {"a": {"pattern": "("}}}}),
            json!({"not_json_schema": {"$ref": "https://example.com/schema.json"}}),
            json!({"json_schema": {"$ref": "file:///etc/passwd"}}),
        ];
        let problems = CheckSet::compile(&written.map(check)).unwrap_err();
        assert_eq!(problems.len(), 10, "{problems:#?}");
        assert_eq!(problems[0], "check 1 (regex: a(b): unclosed group");
        assert!(problems[1].starts_with("check 3 (contains: ): is empty"), "{problems:#?}");
        assert!(problems[2].contains("look-around"), "{problems:#?}");
        assert!(problems[3].contains("10 MiB"), "{problems:#?}");
        assert!(problems[4].contains("lists no text"), "{problems:#?}");
        assert!(problems[5].contains("is empty"), "{problems:#?}");
        assert!(problems[6].contains("the schema at /properties/a/type: "), "{problems:#?}");
        assert!(problems[7].contains("the schema at /properties/a/pattern: "), "{problems:#?}");
        assert!(problems[8].contains("example.com"), "{problems:#?}");
        assert!(problems[9].contains("passwd"), "{problems:#?}");
        assert!(CompiledCheck::new(&Check::from(Assertion::IsJson).weighing(f64::NAN)).is_err());
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends() {
        // Either is right, as the schemas say nothing: that it is told, or that they judge nothing.
        for schema in [
            json!({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}),
            json!({"$ref": "#"}),
            json!({"allOf": [{"$ref": "#"}], "not": {"$ref": "#"}}),
        ] {
            if let Ok(check) = CompiledCheck::new(&check(json!({ "json_schema": schema }))) {
                check.evaluate("{}");
            }
        }
    }
}
