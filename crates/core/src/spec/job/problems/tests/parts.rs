//! The rules of what jobs have in them: models, evaluators, metrics of one's own, ratings, knowledge bases, keys.

use super::{alone, automatic, found, human, judge, rag, with};

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
