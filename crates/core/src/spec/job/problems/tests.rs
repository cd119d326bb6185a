//! Every rule, through the reader of specs: each breaks alone, and is found where it is broken.

#![allow(clippy::unwrap_used)]

mod parts;

use crate::spec::spec_file::parse_spec;
use assay_problem::Problem;

const FLOW: &str = "arn:aws:sagemaker:eu-west-1:111122223333:flow-definition/people";

fn found(text: &str) -> Vec<String> {
    parse_spec("assay.yaml", text).err().into_iter().flatten().map(|problem: Problem| problem.to_string()).collect()
}

/// One job from lines, each a key; the job begins on line 3 of the spec, and each key has its line.
fn job(lines: &[&str]) -> String {
    format!("suite: faq\njobs:\n  - {}\n", lines.join("\n    "))
}

fn automatic() -> Vec<String> {
    lines(&[
        "kind: automatic",
        "task: QuestionAndAnswer",
        "metrics: [Accuracy]",
        "models: [{id: amazon.nova-lite-v1:0}]",
    ])
}

fn judge() -> Vec<String> {
    lines(&["kind: judge", "evaluator: us.amazon.nova-pro-v1:0", "metrics: [Correctness]"])
}

fn human() -> Vec<String> {
    lines(&["kind: human", &format!("flow_definition: {FLOW}"), "ratings: [{name: tone, method: ThumbsUpDown}]"])
}

fn rag() -> Vec<String> {
    lines(&[
        "kind: rag",
        "evaluator: amazon.nova-pro-v1:0",
        "metrics: [Faithfulness]",
        "knowledge_base: {id: KB12345678}",
    ])
}

fn lines(of: &[&str]) -> Vec<String> {
    of.iter().map(|line| (*line).to_owned()).collect()
}

/// `base` with the lines of the same keys replaced; an empty value takes the key out.
fn with(base: Vec<String>, changes: &[&str]) -> String {
    let mut base = base;
    for change in changes {
        let (key, value) = change.split_once(':').unwrap();
        let place = base.iter().position(|line| line.split_once(':').unwrap().0 == key);
        match (place, value.trim().is_empty()) {
            (Some(index), true) => drop(base.remove(index)),
            (Some(index), false) => base[index] = (*change).to_owned(),
            (None, _) => base.push((*change).to_owned()),
        }
    }
    job(&base.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Each row: the spec, the line, the field and the words of the one problem it has.
#[track_caller]
fn alone(rows: Vec<(String, u32, &str, &str)>) {
    for (spec, line, field, words) in rows {
        let found = found(&spec);
        assert_eq!(found.len(), 1, "{spec}{found:#?}");
        let begin = format!("assay.yaml:{line}: {field}: ");
        assert!(found[0].starts_with(&begin) && found[0].contains(words), "{spec}{found:#?}\nnot {begin}...{words}");
    }
}

#[test]
fn full_jobs_of_every_kind_are_taken() {
    let spec = format!(
        "models: [{{id: us.amazon.nova-lite-v1:0}}, {{id: us.amazon.nova-pro-v1:0}}]\nonline: false\njobs:\n  \
         - kind: automatic\n    task: Generation\n    metrics: [Accuracy, Builtin.Robustness, Toxicity]\n    \
         datasets: [Builtin.T-Rex, Builtin.Bold, Builtin.Wikitext2, Builtin.RealToxicityPrompts]\n    \
         models: [{{id: amazon.nova-lite-v1:0, inference: {{maxTokens: 100, temperature: 0}}}}]\n    \
         role: arn:aws:iam::111122223333:role/jobs\n    encryption_key: alias/jobs\n  \
         - kind: judge\n    name: brand\n    task: General\n    evaluator: us.amazon.nova-pro-v1:0\n    \
         metrics: [Correctness, Completeness, Faithfulness, Helpfulness, Coherence, Relevance, FollowingInstructions, \
         ProfessionalStyleAndTone, Harmfulness, Stereotyping, Refusal]\n    custom_metrics:\n      \
         - {{name: Voice, instructions: '{{{{prompt}}}} {{{{prediction}}}}', scale: [{{definition: Bad, number: 0}}, \
         {{definition: Good, number: 1}}]}}\n      - {{name: Style, instructions: '{{{{ground_truth}}}} \
         {{{{prediction}}}}', scale: [{{definition: Bad, word: bad}}]}}\n      - {{name: Free, instructions: \
         '{{{{prediction}}}}'}}\n  - kind: judge\n    recorded: true\n    evaluator: amazon.nova-pro-v1:0\n    \
         custom_metrics: [{{name: Voice, instructions: '{{{{prediction}}}}'}}]\n  \
         - kind: human\n    task: Summarization\n    flow_definition: {FLOW}\n    instructions: Rate.\n    ratings:\n      \
         - {{name: tone, description: How kind, method: ComparisonLikertScale}}\n      \
         - {{name: right, method: ThumbsUpDown}}\n  \
         - kind: rag\n    evaluator: amazon.nova-pro-v1:0\n    metrics: [Faithfulness, CitationPrecision]\n    \
         models: [{{id: amazon.nova-lite-v1:0}}]\n    knowledge_base: {{id: KB12345678, results: 5, search: HYBRID, \
         prompt_template: $search_results$, inference: {{maxTokens: 9}}}}\n    custom_metrics: [{{name: Kind, \
         instructions: '{{{{context}}}} {{{{prediction}}}}'}}]\n  - kind: rag\n    name: retrieval\n    \
         retrieve_only: true\n    evaluator: amazon.nova-pro-v1:0\n    metrics: [ContextRelevance, ContextCoverage]\n    \
         knowledge_base: {{id: KB12345678}}\n  - kind: rag\n    name: other\n    recorded: true\n    \
         evaluator: amazon.nova-pro-v1:0\n    metrics: [LogicalCoherence]\n"
    );
    assert_eq!(found(&spec), Vec::<String>::new());
    for least in [automatic(), judge(), human(), rag()] {
        assert_eq!(found(&with(least, &[])), Vec::<String>::new());
    }
}

#[test]
fn a_spec_has_something_to_run_and_names_that_tell_jobs_apart() {
    alone(vec![
        ("suite: faq\nonline: false\n".to_owned(), 2, "online", "nothing is run"),
        (
            format!(
                "{}  - {}\n",
                job(&["kind: judge", "recorded: true", "evaluator: amazon.nova-pro-v1:0", "metrics: [Refusal]"]),
                "{kind: judge, recorded: true, evaluator: amazon.nova-pro-v1:0, metrics: [Refusal]}"
            ),
            7,
            "jobs[1]",
            "two jobs are called `judge`; give each job a `name`",
        ),
        (
            format!(
                "{}  - kind: judge\n    recorded: true\n    name: automatic\n    evaluator: amazon.nova-pro-v1:0\n    metrics: [Refusal]\n",
                with(automatic(), &[])
            ),
            9,
            "jobs[1].name",
            "two jobs are called `automatic`",
        ),
    ]);
}

#[test]
fn keys_belong_to_kinds() {
    let kinds = [("automatic", automatic()), ("judge", judge()), ("human", human()), ("rag", rag())];
    for (line, having) in [
        ("metrics: [Accuracy]", "automatic judge rag"),
        ("datasets: [Builtin.BoolQ]", "automatic"),
        ("recorded: true", "judge human rag"),
        ("evaluator: amazon.nova-pro-v1:0", "judge rag"),
        ("custom_metrics: [{name: Voice, instructions: '{{prediction}}'}]", "judge rag"),
        ("ratings: [{name: tone, method: ThumbsUpDown}]", "human"),
        ("flow_definition: arn:aws:sagemaker:eu-west-1:111122223333:flow-definition/people", "human"),
        ("instructions: Rate.", "human"),
        ("knowledge_base: {id: KB12345678}", "rag"),
        ("retrieve_only: true", "rag"),
    ] {
        let key = line.split_once(':').unwrap().0;
        for (kind, base) in &kinds {
            let found = found(&with(base.clone(), &[line]));
            let found = found.iter().any(|problem| problem.contains(&format!("a job of kind `{kind}` has no `{key}`")));
            assert_eq!(found, !having.split(' ').any(|other| other == *kind), "{kind} {key} {found:#?}");
        }
    }
    alone(vec![(
        with(automatic(), &["recorded: true"]),
        7,
        "jobs[0].recorded",
        "it is for the kinds judge, human and rag",
    )]);
    let missing = |base, key: &str| (with(base, &[&format!("{key}:")]), 3, "jobs[0]");
    for (key, base, words) in [
        ("task", automatic(), "`task` how to score, and it is missing"),
        (
            "metrics",
            automatic(),
            "the job measures nothing; give `metrics`; automatic jobs have Accuracy, Robustness and Toxicity",
        ),
        ("evaluator", judge(), "a job of kind `judge` needs `evaluator`"),
        ("metrics", judge(), "give `metrics` or `custom_metrics`"),
        ("flow_definition", human(), "a job of kind `human` needs `flow_definition`"),
        ("ratings", human(), "a job of kind `human` needs `ratings`"),
        ("evaluator", rag(), "a job of kind `rag` needs `evaluator`"),
        ("knowledge_base", rag(), "a RAG job needs something to retrieve from"),
        ("metrics", rag(), "the job measures nothing"),
    ] {
        let (spec, line, field) = missing(base, key);
        alone(vec![(spec, line, field, words)]);
    }
}

#[test]
fn tasks_and_datasets_fit_together() {
    alone(vec![
        (with(automatic(), &["task: General"]), 4, "jobs[0].task", "General is the task of jobs with a judge"),
        (with(human(), &["task: General"]), 6, "jobs[0].task", "General is the task of jobs with a judge"),
        (with(judge(), &["task: Generation"]), 6, "jobs[0].task", "is General, not Generation; leave out `task`"),
        (
            with(automatic(), &["task: Classification", "metrics: [Toxicity]"]),
            5,
            "jobs[0].metrics[0]",
            "Classification has no Toxicity",
        ),
        (with(automatic(), &["datasets: [BoolQ]"]), 7, "jobs[0].datasets[0]", "did you mean `Builtin.BoolQ`?"),
        (
            with(automatic(), &["datasets: [Builtin.TrivaQA]"]),
            7,
            "jobs[0].datasets[0]",
            "did you mean `Builtin.TriviaQA`?",
        ),
        (with(automatic(), &["datasets: [mine]"]), 7, "jobs[0].datasets[0]", "the service brings Builtin.Bold, "),
        (with(automatic(), &["datasets: [Builtin.BoolQ, Builtin.BoolQ]"]), 7, "jobs[0].datasets[1]", "listed twice"),
        (
            with(automatic(), &["datasets: [Builtin.Gigaword]"]),
            7,
            "jobs[0].datasets[0]",
            "is for the task Summarization, not QuestionAndAnswer",
        ),
    ]);
    let six = ["Bold", "T-Rex", "Wikitext2", "RealToxicityPrompts", "BoolQ", "TriviaQA"]
        .map(|name| format!("Builtin.{name}"));
    let found = found(&with(automatic(), &[&format!("datasets: [{}]", six.join(", "))]));
    assert!(found.iter().any(|problem| problem.contains("6 datasets are more than the 5")), "{found:#?}");
}

#[test]
fn metrics_belong_to_kinds() {
    alone(vec![
        (
            with(automatic(), &["metrics: [Acuracy]"]),
            5,
            "jobs[0].metrics[0]",
            "unknown metric `Acuracy`; did you mean `Accuracy`?",
        ),
        (
            with(automatic(), &["metrics: [Fluency]"]),
            5,
            "jobs[0].metrics[0]",
            "automatic jobs have Accuracy, Robustness and Toxicity",
        ),
        (with(automatic(), &["metrics: [Accuracy, Builtin.Accuracy]"]), 5, "jobs[0].metrics[1]", "listed twice"),
        (
            with(automatic(), &["metrics: [Relevance]"]),
            5,
            "jobs[0].metrics[0]",
            "automatic jobs have no metric `Relevance`; jobs with a judge have it",
        ),
        (with(judge(), &["metrics: [Accuracy]"]), 5, "jobs[0].metrics[0]", "automatic jobs have it"),
        (
            with(rag(), &["metrics: [Coherence]"]),
            5,
            "jobs[0].metrics[0]",
            "RAG jobs that generate have no metric `Coherence`",
        ),
        (
            with(rag(), &["metrics: [ContextCoverage]"]),
            5,
            "jobs[0].metrics[0]",
            "RAG jobs with `retrieve_only` have it",
        ),
        (
            with(rag(), &["retrieve_only: true"]),
            5,
            "jobs[0].metrics[0]",
            "jobs with a judge and RAG jobs that generate have it",
        ),
    ]);
    let found = found(&with(automatic(), &["metrics: [Accuracy, Robustness, Toxicity, Fluency]"]));
    assert!(found.iter().any(|problem| problem.contains("4 metrics are more than the 3")), "{found:#?}");
}
