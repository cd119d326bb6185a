//! `assay.yaml` to a [`RunSpec`], or to every problem with it: line, field, what is wrong, what would be right.
//!
//! One JSON Schema, made from the types of `spec.rs`, is what editors check by and what finds the problems here.

mod violations;

use super::findings::{Findings, field, problem_at};
use super::schema::schema_json;
use super::yaml::{self, Lines};
use super::{RunSpec, template};
use assay_problem::Problem;
use assay_score::{Check, CheckSet, Measure};
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use violations::{ELSEWHERE, violations};

/// The largest spec that is read, in bytes.
pub(super) const LARGEST_SPEC: usize = 1024 * 1024;

/// The schema, ready to check specs.
#[derive(Debug)]
pub struct Schema(Validator);

impl Schema {
    /// Prepares the schema.
    ///
    /// # Errors
    /// When the schema is not one, which a test rules out.
    pub fn new() -> Result<Self, String> {
        let validator = jsonschema::validator_for(&schema_json()).map_err(|error| error.to_string())?;
        Ok(Self(validator))
    }
}

/// Reads the spec `text` of the file `place`.
///
/// # Errors
/// Every problem of it.
pub fn parse_spec(place: &str, text: &str) -> Result<RunSpec, Vec<Problem>> {
    if text.len() > LARGEST_SPEC {
        let message = format!("the file has {} bytes, more than the {LARGEST_SPEC} that are read", text.len());
        return Err(vec![Problem::error(place, message).remedy("is this a spec?")]);
    }
    let (value, lines) = yaml::read(place, text)?;
    let schema = Schema::new().map_err(|message| vec![Problem::error(place, message)])?;
    let found = schema.0.iter_errors(&value).filter(|error| !error.instance_path().to_string().starts_with("/checks/"));
    let mut problems: Vec<Problem> = found.flat_map(|error| violations(place, &error, &lines)).collect();
    problems.extend(unreadable_checks(place, &value, &lines));
    if problems.is_empty() {
        match serde_json::from_value::<RunSpec>(value) {
            Ok(spec) => {
                problems = meaning(place, &spec, &lines);
                if problems.is_empty() {
                    return Ok(spec);
                }
            }
            Err(error) => {
                let problem = Problem::error(place, error.to_string()).on_line(1).in_field(field(""));
                problems.push(problem.remedy(ELSEWHERE));
            }
        }
    }
    problems.sort_by_key(|problem| problem.line);
    Err(problems)
}

/// What is wrong with the form of each check, in the words of whoever reads it: they tell which of many was meant.
fn unreadable_checks(place: &str, value: &Value, lines: &Lines) -> Vec<Problem> {
    let checks = value.get("checks").and_then(Value::as_array).into_iter().flatten().enumerate();
    let told = checks.filter_map(|(index, check)| {
        let message = Check::deserialize(check).err()?.to_string();
        Some(problem_at(place, &format!("/checks/{index}"), lines, message).remedy(Check::forms()))
    });
    told.collect()
}

/// What a schema cannot tell.
fn meaning(place: &str, spec: &RunSpec, lines: &Lines) -> Vec<Problem> {
    let mut found = Findings::new(place, lines);
    for unknown in template::unknown_names(&spec.prompt) {
        let remedy = "known are {{prompt}}, {{context}}, {{category}}, {{id}} and {{metadata.name}}";
        found.wrong("prompt", format!("the template names `{{{{{unknown}}}}}`"), remedy);
    }
    for (index, check) in spec.checks.iter().enumerate() {
        for problem in CheckSet::compile(std::slice::from_ref(check)).err().unwrap_or_default() {
            found.wrong(&format!("checks/{index}"), problem, "mend it; docs/metrics.md tells what each check takes");
        }
    }
    let mut ids = BTreeSet::new();
    for (index, model) in spec.models.iter().enumerate() {
        if !ids.insert(&model.id) {
            let message = format!("the model `{}` is listed twice", model.id);
            found.wrong(&format!("models/{index}/id"), message, "list each model once");
        }
        if model.id.trim() != model.id || model.id.chars().any(char::is_whitespace) {
            found.wrong(&format!("models/{index}/id"), "a model id has no spaces", "remove them");
        }
    }
    let mut scorers = BTreeSet::new();
    for (index, scorer) in spec.scorers.iter().enumerate() {
        if !scorers.insert(*scorer) {
            let message = format!("the scorer `{scorer}` is listed twice");
            found.wrong(&format!("scorers/{index}"), message, "list each scorer once");
        }
    }
    if spec.budget.is_some_and(|budget| budget.usd.is_none() && budget.tokens.is_none()) {
        found.wrong("budget", "the budget bounds nothing", "give `usd` or `tokens`");
    }
    spec.check_evidence(&mut found);
    if let Some(gate) = &spec.gate {
        let measures = spec.measures().into_iter().chain(spec.job_measures());
        let known: BTreeSet<String> = measures.map(|measure| measure.to_string()).collect();
        let least = gate.min.keys().map(|name| ("min", name));
        for (bound, name) in least.chain(gate.max.keys().map(|name| ("max", name))) {
            let message = match name.parse::<Measure>() {
                Ok(_) if known.contains(name.as_str()) => continue,
                Ok(Measure::Scorer(_)) => format!("the gate asks for `{name}`, which is not among the scorers"),
                Ok(_) => format!("the gate asks for `{name}`, which the spec does not measure"),
                Err(error) => format!("the gate cannot be held: {error}"),
            };
            found.wrong(
                &format!("gate/{bound}/{name}"),
                message,
                "have the spec measure it, or take it out of the gate",
            );
        }
        if gate.is_empty() {
            let remedy = "give `pass_rate`, `min`, `max` or `no_regression`";
            found.wrong("gate", "the gate asks for nothing", remedy);
        }
    }
    found.into_problems()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        parse_spec("assay.yaml", text).unwrap_err().iter().map(Problem::to_string).collect()
    }

    #[test]
    fn a_full_spec_is_read() {
        let text = "suite: support-faq\napplication: CustomerSupport\ndataset: cases.jsonl\nsystem: You help.\n\
            prompt: \"Q: {{prompt}} {{metadata.hint}}\"\nmodels:\n  - id: us.amazon.nova-lite-v1:0\n    \
            inference: {maxTokens: 512, temperature: 0}\n    requests_per_minute: 200\nrepeats: 2\n\
            scorers: [relevance, f1]\nchecks: [{icontains: \"30 days\"}, {max_length: 400}]\n\
            gate: {pass_rate: 0.9, min: {f1: 0.6}}\nfailure_limit: 0.1\n";
        let spec = parse_spec("assay.yaml", text).unwrap();
        assert_eq!(spec.models[0].inference.max_tokens, Some(512));
        assert_eq!(spec.models[0].inference.temperature, Some(0.0));
        assert_eq!(spec.checks.len(), 2);
        assert_eq!(spec.repeats, 2);
        let json = serde_json::to_string(&spec).unwrap();
        assert_eq!(parse_spec("assay.json", &json).unwrap(), spec, "JSON is read too");
    }

    #[test]
    fn every_problem_is_told_with_its_line() {
        let found = problems(
            "suite: \"not a name!\"\nmodel: []\nmodels:\n  - inference: {maxtokens: 5, temperature: 3}\nrepeats: 0\n\
             scorers: [relevence]\nchecks: [{size: 3}]\n",
        );
        let has = |place: &str, text: &str| found.iter().any(|p| p.starts_with(place) && p.contains(text));
        assert!(has("assay.yaml:1: suite: ", ""), "{found:#?}");
        assert!(has("assay.yaml:2: model: unknown key", "did you mean `models`?"), "{found:#?}");
        assert!(has("assay.yaml:4: models[0]", "`id` is missing"), "{found:#?}");
        assert!(has("assay.yaml:4: models[0].inference.maxtokens: unknown key", "maxTokens"), "{found:#?}");
        assert!(has("assay.yaml:4: models[0].inference.temperature", ""), "{found:#?}");
        assert!(has("assay.yaml:5: repeats", ""), "{found:#?}");
        assert!(has("assay.yaml:6: scorers[0]", "relevance"), "{found:#?}");
        assert!(has("assay.yaml:7: checks[0]", "contains"), "{found:#?}");
    }

    #[test]
    fn what_a_schema_cannot_tell_is_told_too() {
        let found = problems(
            "prompt: \"{{promt}}\"\nmodels: [{id: a}, {id: a}]\nscorers: [f1, f1]\nchecks: [{regex: \"(\"}]\n\
             gate: {min: {relevance: 0.5}}\n",
        );
        assert_eq!(found.len(), 5, "{found:#?}");
        assert!(found[0].contains("{{promt}}"));
    }

    #[test]
    fn every_form_of_a_check_is_read_and_a_bad_one_is_told_once() {
        let spec = parse_spec(
            "assay.yaml",
            "checks:\n  - {not_icontains_any: [sorry, \"can't\"], weight: 2}\n  - equals: {a: [1, 2]}\n  - json_schema:\n      \
             type: object\n      required: [a]\n  - not_is_refusal: true\n  - is_json: true\n    weight: 0.5\n",
        );
        let checks = spec.unwrap().checks;
        assert_eq!((checks.len(), checks[0].weight, checks[3].negated), (5, 2.0, true));
        for (check, told) in [
            ("{contain: a}", "unknown check `contain`, did you mean `contains`?; write {contains"),
            ("{contains: a, regex: b}", "two checks in one map, `contains` and `regex`"),
            ("{contains: 1}", "`contains` takes a text"),
            ("{contains: a, weight: -1}", "`weight` takes a number above 0"),
            ("{weight: 1}", "names no check"),
            ("text", "a check: a map with one name"),
            ("{json_schema: {properties: {a: {type: text}}}}", "the schema at /properties/a/type"),
            ("{contains_any: []}", "lists no text"),
        ] {
            let found = problems(&format!("repeats: 1\nchecks:\n  - {check}\n"));
            assert_eq!(found.len(), 1, "{found:#?}");
            assert!(found[0].starts_with("assay.yaml:3: checks[0]: ") && found[0].contains(told), "{found:#?}");
        }
    }

    #[test]
    fn a_gate_may_bound_and_compare() {
        let text = "scorers: [f1, word_error_rate]\ntoxicity: {}\njudge: {model: j, rubrics: [{name: tone, text: Kind?}]}\ngate:\n  min: {f1: 0.5, judge.tone: 0.6}\n  \
            max: {word_error_rate: 0.3, toxicity: 0.1}\n  no_regression: {against: baseline, alpha: 0.01}\n";
        let gate = parse_spec("assay.yaml", text).unwrap().gate.unwrap();
        assert_eq!((gate.max["word_error_rate"], gate.no_regression.unwrap().alpha), (0.3, 0.01));
        let short = parse_spec("assay.yaml", "gate: {no_regression: {}}\n").unwrap().gate.unwrap();
        assert_eq!(short.no_regression.unwrap().alpha, 0.05);
        for (gate, text) in [
            ("{}", "the gate asks for nothing"),
            ("{min: {f2: 1}}", "`f2` is the name of no score"),
            ("{max: {bleu: 1}}", "not among the scorers"),
            ("{no_regression: {alpha: 0}}", "alpha"),
            ("{no_regression: {against: last_week}}", "docs/formats.md tells what may stand there"),
        ] {
            let found = problems(&format!("gate: {gate}\n"));
            assert!(found.len() == 1 && found[0].contains(text), "{found:#?}");
        }
    }

    #[test]
    fn money_is_read_to_the_last_digit() {
        let price = "{input: 0.035, output: '0.10', source: contract, date: 2026-11-01}";
        let spec = parse_spec("a", &format!("budget: {{usd: 0.1, tokens: 2e6}}\nprices: {{m: {price}}}\n")).unwrap();
        let budget = spec.budget.unwrap();
        assert_eq!((budget.usd.unwrap().to_string().as_str(), budget.tokens), ("0.1", Some(2_000_000)));
        assert_eq!(
            (spec.prices["m"].input.billionths(), spec.prices["m"].output.billionths()),
            (35_000_000, 100_000_000)
        );
        for (text, told) in [
            ("budget: {}\n", "the budget bounds nothing"),
            ("budget: {usd: -1}\n", "budget.usd"),
            ("budget: {euro: 1}\n", "unknown key"),
            ("budget: {tokens: 0}\n", "budget.tokens"),
            ("prices: {m: {input: 1, output: 1}}\n", "`source` is missing"),
            ("prices: {m: {input: 1, output: 1, source: s, date: today}}\n", "prices.m.date"),
            ("prices: {m: {input: 1, output: 0.0000000001, source: s, date: 2026-11}}\n", "nine digits"),
        ] {
            let found = problems(text);
            assert!(found.iter().any(|problem| problem.contains(told)), "{text}: {found:#?}");
        }
    }

    #[test]
    fn broken_yaml_and_other_documents_are_told() {
        assert!(problems("a: [1\nb: 2")[0].contains("not valid YAML"));
        assert!(problems("")[0].contains("one YAML document") || problems("")[0].contains("the spec"));
        assert!(problems("- 1\n")[0].contains("the spec"));
        assert!(problems("suite: a\nsuite: b\n")[0].contains("not valid YAML"), "a key twice");
    }

    #[test]
    fn prompts_are_not_quoted() {
        for spec in [
            "system: {text: \"SECRET\"}\n",
            "system: [SECRET]\n",
            "prompt: {text: SECRET}\n",
            "prompt: [SECRET]\nsystem: {a: SECRET}\n",
            "- system: SECRET\n",
            "SECRET\n",
        ] {
            let found = problems(spec);
            assert!(!found.is_empty() && found.iter().all(|problem| !problem.contains("SECRET")), "{found:#?}");
        }
    }

    #[test]
    fn numbers_are_taken_however_they_are_written() {
        let text = "repeats: 2.0\nmodels:\n  - id: a\n    inference: {maxTokens: 5e2, temperature: 1.0}\n    \
            additional_model_request_fields: {k: 1.0}\nchecks: [{max_length: 40.0}]\n";
        let spec = parse_spec("assay.yaml", text).unwrap();
        assert_eq!((spec.repeats, spec.models[0].inference.max_tokens), (2, Some(500)));
        assert_eq!(spec.models[0].additional_model_request_fields["k"].to_string(), "1.0", "passed on as it is");
        let numbers = [("repeats: 3000000000", "repeats"), ("models: [{id: a, requests_per_minute: 0}]", "minute")];
        for (text, field) in
            numbers.into_iter().chain([("models: [{id: a, inference: {maxTokens: 3000000000}}]", "maxTokens")])
        {
            let found = problems(text);
            assert!(found.len() == 1 && found[0].starts_with("assay.yaml:1: "), "{found:#?}");
            assert!(found[0].contains(field) && found[0].contains("docs/formats.md"), "{found:#?}");
        }
        let found = problems("checks: [{max_length: 1e300}]");
        assert!(found.len() == 1 && found[0].contains("checks[0]: `max_length` takes a whole number"), "{found:#?}");
    }

    #[test]
    fn a_file_of_brackets_is_an_error_and_no_end() {
        for text in ["- ".repeat(20_000), "[".repeat(20_000)] {
            assert!(problems(&text)[0].starts_with("assay.yaml:1: nested deeper than 64 levels"));
        }
        // What is let through is taken by the loader.
        let deepest = format!("{}{}1{}", "- ".repeat(63), "{a: ".repeat(64), "}".repeat(64));
        assert!(problems(&deepest)[0].contains("the spec"), "{:?}", problems(&deepest));
        let nested = format!("{}{}", "[".repeat(64), "]".repeat(64));
        assert!(problems(&format!("a: {nested}"))[0].contains("unknown key"));
        let text = format!("{} [[[ {{\n", "- ".repeat(1000));
        let spec = parse_spec("assay.yaml", &format!("system: |\n  {text}\nprompt: '[[[ {{{{prompt}}}}'\n")).unwrap();
        assert_eq!(spec.system, Some(text));
    }
}
