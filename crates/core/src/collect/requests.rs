//! What is asked of models: of the one that answers, of the judge, and of the embeddings model.
//!
//! Whoever asks adds the marks for the invocation logs; an estimate counts the same requests without asking.

use crate::dataset::Sample;
use crate::judge::{
    Brief, COMPARISON_TOOL, Material, Order, RATING_TOOL, compare_pair, comparison_schema, rating_prompt, rating_schema,
};
use crate::spec::{JudgeSpec, ModelSpec, PairwiseSpec, RubricSpec, RunSpec, template};
use assay_model::{Inference, Request, Tool};
use std::collections::BTreeMap;

/// The question of a sample.
pub(crate) fn question(spec: &RunSpec, model: &ModelSpec, sample: &Sample) -> Request {
    Request {
        system: sample.system.clone().or_else(|| spec.system.clone()),
        prompt: template::fill(&spec.prompt, sample),
        inference: model.inference.clone(),
        additional_model_request_fields: model.additional_model_request_fields.clone(),
        tool: None,
        metadata: BTreeMap::new(),
    }
}

/// How good an answer is by a rubric.
pub(crate) fn verdict(
    spec: &RunSpec,
    judge: &JudgeSpec,
    rubric: &RubricSpec,
    sample: &Sample,
    answer: &str,
) -> Request {
    let question = template::fill(&spec.prompt, sample);
    let brief = rating_prompt(&rubric.text, rubric.scale, &material(&question, sample), answer);
    let tool = Tool {
        name: RATING_TOOL.to_owned(),
        description: "Takes the explanation and then the rating.".to_owned(),
        schema: rating_schema(rubric.scale),
    };
    to_judge(judge, brief, tool)
}

/// Which of two answers is better.
pub(crate) fn comparison(
    spec: &RunSpec,
    (judge, pairwise): (&JudgeSpec, &PairwiseSpec),
    sample: &Sample,
    answers: [&str; 2],
    order: Order,
) -> Request {
    let question = template::fill(&spec.prompt, sample);
    let brief = compare_pair(&pairwise.text, &material(&question, sample), answers, order);
    let tool = Tool {
        name: COMPARISON_TOOL.to_owned(),
        description: "Takes the explanation and then the better answer.".to_owned(),
        schema: comparison_schema(),
    };
    to_judge(judge, brief, tool)
}

/// The vector of a text.
pub(crate) fn embedding(text: &str) -> Request {
    // Nothing is written, so a budget need not make room for an answer.
    let inference = Inference { max_tokens: Some(0), ..Inference::default() };
    Request { prompt: text.to_owned(), inference, ..Request::default() }
}

/// What an answer is compared with in meaning. As for the scorers that compare words, `<OR>` separates acceptable
/// answers.
pub(crate) fn acceptable_answers(sample: &Sample) -> impl Iterator<Item = &str> {
    sample
        .references
        .iter()
        .flat_map(|reference| reference.split("<OR>"))
        .map(str::trim)
        .filter(|answer| !answer.is_empty())
}

fn material<'a>(question: &'a str, sample: &'a Sample) -> Material<'a> {
    Material { question, context: sample.context.as_deref(), references: &sample.references }
}

fn to_judge(judge: &JudgeSpec, brief: Brief, tool: Tool) -> Request {
    Request {
        system: Some(brief.system),
        prompt: brief.prompt,
        inference: judge.inference.clone(),
        additional_model_request_fields: judge.additional_model_request_fields.clone(),
        tool: Some(tool),
        metadata: BTreeMap::new(),
    }
}
