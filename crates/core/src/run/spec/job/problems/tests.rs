//! Every rule, through the reader of specs: each breaks alone, and is told where it is broken.

#![allow(clippy::unwrap_used)]

use crate::problem::Problem;
use crate::run::parse_spec;

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
            let told = found.iter().any(|problem| problem.contains(&format!("a job of kind `{kind}` has no `{key}`")));
            assert_eq!(told, !having.split(' ').any(|other| other == *kind), "{kind} {key} {found:#?}");
        }
    }
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

#[test]
fn models_are_bounded_by_kind() {
    let two = "models: [{id: amazon.nova-lite-v1:0}, {id: amazon.nova-pro-v1:0}]";
    let three = "models: [{id: amazon.nova-lite-v1:0}, {id: amazon.nova-pro-v1:0}, {id: amazon.nova-micro-v1:0}]";
    let one = "models: [{id: amazon.nova-lite-v1:0}]";
    let compares = "ratings: [{name: tone, method: ComparisonRank}]";
    let stops = |length| {
        let text = "x".repeat(length);
        format!("models: [{{id: amazon.nova-lite-v1:0, inference: {{stopSequences: [{text}]}}}}]")
    };
    let (longest, long) = (stops(981), stops(982));
    let twice = "models: [{id: amazon.nova-lite-v1:0}, {id: amazon.nova-lite-v1:0}]";
    let prompt = "models: [{id: 'arn:aws:bedrock:us-east-1:111122223333:prompt/ABCDEFGHIJ'}]";
    alone(vec![
        (with(human(), &[three]), 6, "jobs[0].models", "at most two models, and there are 3"),
        (format!("{three}\n{}", with(human(), &[])), 4, "jobs[0]", "at most two models, and there are 3 of the suite"),
        (with(human(), &[one, compares]), 6, "jobs[0].models", "ratings that compare need two models"),
        (with(rag(), &[two]), 7, "jobs[0].models", "one model answers from a knowledge base, and there are 2"),
        (format!("{two}\n{}", with(rag(), &[])), 4, "jobs[0]", "and there are 2 of the suite; name one"),
        (with(judge(), &["recorded: true", one]), 7, "jobs[0].models", "no model is asked where answers are recorded"),
        (
            with(rag(), &["metrics: [ContextCoverage]", "retrieve_only: true", one]),
            8,
            "jobs[0].models",
            "where nothing is generated",
        ),
        (
            with(automatic(), &[&long]),
            6,
            "jobs[0].models[0].inference",
            "takes 1024 characters as JSON, and a job takes 1023",
        ),
        (with(automatic(), &[twice]), 6, "jobs[0].models[1].id", "is listed twice"),
        (
            with(automatic(), &[prompt]),
            6,
            "jobs[0].models[0].id",
            "is no model that evaluation jobs know; give a model id",
        ),
        (format!("models: [{{id: nova}}]\n{}", with(judge(), &[])), 4, "jobs[0]", "`nova` is no model"),
    ]);
    for fine in [
        with(automatic(), &[&longest]),
        with(human(), &[compares]),
        with(human(), &[two, compares]),
        format!("{two}\n{}", with(judge(), &[])),
    ] {
        assert_eq!(found(&fine), Vec::<String>::new());
    }
}

#[test]
fn some_models_cannot_judge() {
    for (resource, what) in [
        ("application-inference-profile/abcdefgh1234", "an application inference profile"),
        ("provisioned-model/abcdefgh1234", "a provisioned model"),
        ("imported-model/abcdefgh1234", "an imported model"),
        ("default-prompt-router/anthropic.claude:1", "a prompt router"),
    ] {
        let line = format!("evaluator: 'arn:aws:bedrock:us-east-1:111122223333:{resource}'");
        alone(vec![(with(judge(), &[&line]), 4, "jobs[0].evaluator", &format!("{what} cannot be the evaluator"))]);
    }
    let endpoint = "evaluator: 'arn:aws:sagemaker:us-east-1:111122223333:endpoint/mine'";
    alone(vec![
        (with(rag(), &[endpoint]), 4, "jobs[0].evaluator", "a SageMaker endpoint cannot be the evaluator"),
        (with(rag(), &["evaluator: nova pro"]), 4, "jobs[0].evaluator", "`nova pro` is no model"),
    ]);
}

#[test]
fn metrics_of_ones_own_are_whole() {
    let metric = |text: &str| with(judge(), &[&format!("custom_metrics: [{text}]")]);
    let scale =
        |points: &str| metric(&format!("{{name: Voice, instructions: '{{{{prediction}}}}', scale: [{points}]}}"));
    let says = |base, text: &str, more: &[&str]| {
        let line = format!("custom_metrics: [{{name: Voice, instructions: '{text}'}}]");
        with(base, &[more, &[line.as_str()]].concat())
    };
    let retrieval: &[&str] = &["metrics: [ContextCoverage]", "retrieve_only: true"];
    let at = "jobs[0].custom_metrics[0]";
    let named = |name: &str| metric(&format!("{{name: {name}, instructions: '{{{{prediction}}}}'}}"));
    alone(vec![
        (named("Correctness"), 6, &format!("{at}.name"), "is the name of a metric of the service"),
        (named("Builtin.Wit"), 6, &format!("{at}.name"), "is the name of a metric of the service"),
        (
            metric("{name: Wit, instructions: '{{prediction}}'}, {name: Wit, instructions: '{{prediction}}'}"),
            6,
            "jobs[0].custom_metrics[1].name",
            "two metrics are called `Wit`",
        ),
        (scale("{definition: Bad}"), 6, &format!("{at}.scale[0]"), "give either `number` or `word`"),
        (scale("{definition: Bad, number: 1, word: bad}"), 6, &format!("{at}.scale[0]"), "one value"),
        (
            scale("{definition: Bad, number: 1}, {definition: Good, word: good}"),
            6,
            &format!("{at}.scale"),
            "some points of the scale are numbers",
        ),
        (
            scale("{definition: Bad, number: 1}, {definition: Good, number: 1.0}"),
            6,
            &format!("{at}.scale[1]"),
            "two points of the scale have the value 1",
        ),
        (
            scale("{definition: one two three four five six, number: 1}"),
            6,
            &format!("{at}.scale[0].definition"),
            "6 words, more than 5",
        ),
        (
            says(judge(), "{{prediction}} {{context}}", &[]),
            6,
            &format!("{at}.instructions"),
            "name `{{context}}`; known are {{prompt}}, {{prediction}} and {{ground_truth}}",
        ),
        (says(judge(), "{{prompt}}", &[]), 6, &format!("{at}.instructions"), "do not name `{{prediction}}`"),
        (says(rag(), "{{context}}", &[]), 7, &format!("{at}.instructions"), "do not name `{{prediction}}`"),
        (says(rag(), "{{prompt}}", retrieval), 8, &format!("{at}.instructions"), "do not name `{{context}}`"),
        (
            says(rag(), "{{context}} {{prediction}}", retrieval),
            8,
            &format!("{at}.instructions"),
            "name `{{prediction}}`; known are {{prompt}}, {{ground_truth}}",
        ),
    ]);
    let many: Vec<String> =
        (0..11).map(|index| format!("{{name: M{index}, instructions: '{{{{prediction}}}}'}}")).collect();
    assert!(found(&metric(&many.join(", ")))[0].contains("custom_metrics"), "at most ten");
}

#[test]
fn people_and_what_they_rate_are_named_once() {
    for arn in
        ["people", "arn:aws:sagemaker:eu-west-1:1:flow-definition/people", "arn:aws:iam::111122223333:role/people"]
    {
        let line = format!("flow_definition: '{arn}'");
        alone(vec![(with(human(), &[&line]), 4, "jobs[0].flow_definition", "flow-definition/<name>")]);
    }
    let twice = "ratings: [{name: tone, method: ThumbsUpDown}, {name: tone, method: IndividualLikertScale}]";
    let lines = "ratings: [{name: tone, description: \"a\\nb\", method: ThumbsUpDown}]";
    alone(vec![
        (with(human(), &[twice]), 5, "jobs[0].ratings[1].name", "two ratings are called `tone`"),
        (with(human(), &[lines]), 5, "jobs[0].ratings[0].description", "no line breaks"),
    ]);
}

#[test]
fn a_knowledge_base_is_used_in_full_or_not_at_all() {
    let retrieval: &[&str] = &["metrics: [ContextCoverage]", "retrieve_only: true"];
    let base = |text: &str| format!("knowledge_base: {{id: KB12345678, {text}}}");
    let (template, inference) = (base("prompt_template: a"), base("inference: {maxTokens: 5}"));
    let (sequences, empty) =
        (base("inference: {stopSequences: [a, b, c, d, e]}"), base("inference: {stopSequences: ['']}"));
    let tokens = base("inference: {maxTokens: 70000}");
    let of_model = "models: [{id: amazon.nova-lite-v1:0, inference: {maxTokens: 70000}}]";
    alone(vec![
        (
            with(rag(), &["recorded: true"]),
            6,
            "jobs[0].knowledge_base",
            "nothing is retrieved where answers are recorded",
        ),
        (
            with(rag(), &[retrieval, &[template.as_str()]].concat()),
            6,
            "jobs[0].knowledge_base.prompt_template",
            "nothing is generated",
        ),
        (
            with(rag(), &[retrieval, &[inference.as_str()]].concat()),
            6,
            "jobs[0].knowledge_base.inference",
            "nothing is generated",
        ),
        (
            with(rag(), &[&sequences]),
            6,
            "jobs[0].knowledge_base.inference.stopSequences",
            "5 stop sequences are more than 4",
        ),
        (with(rag(), &[&empty]), 6, "jobs[0].knowledge_base.inference.stopSequences", "1 to 1000 characters"),
        (with(rag(), &[&tokens]), 6, "jobs[0].knowledge_base.inference.maxTokens", "at most 65536 tokens"),
        (with(rag(), &[of_model]), 7, "jobs[0].models[0].inference.maxTokens", "at most 65536 tokens"),
    ]);
}

#[test]
fn keys_that_encrypt_have_a_form() {
    let id = "12345678-1234-1234-1234-123456789012";
    for key in [
        id,
        "alias/jobs",
        &format!("arn:aws:kms:eu-west-1:111122223333:key/{id}"),
        "arn:aws:kms:eu-west-1:111122223333:alias/a/b",
    ] {
        assert_eq!(found(&with(judge(), &[&format!("encryption_key: '{key}'")])), Vec::<String>::new());
    }
    for key in ["jobs", "alias/", "arn:aws:kms:eu-west-1:111122223333:key/short", "arn:aws:s3:::bucket"] {
        let line = format!("encryption_key: '{key}'");
        alone(vec![(with(judge(), &[&line]), 6, "jobs[0].encryption_key", "not the name of a key")]);
    }
}
