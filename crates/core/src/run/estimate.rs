//! What a run would take, before anybody is asked: calls, tokens and cost of what is not answered yet.
//!
//! The dataset is read once, as a stream. Each sample gives a list of planned calls; whatever else asks a model adds its
//! calls to that list.

mod planned;

use super::resume::resume;
use crate::collect::Stop;
use crate::dataset::Entry;
use crate::spec::{Execution, RunError};
use assay_model::pricing::{ASSUMED_ANSWER, Amount, CHARACTERS_PER_TOKEN, TotalCost, longest_answer, model_behind};
use assay_model::{Request, TokenCounter, Usage};
use planned::{PlannedCall, planned};
use serde::Serialize;
use std::collections::BTreeMap;

/// How many prompts are counted to learn how many characters a token has.
const COUNTED: usize = 20;

/// What a run would take.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// Samples that are looked at.
    pub samples: u64,
    /// Calls that are left.
    pub calls: u64,
    /// Each model that would be asked.
    pub models: Vec<ModelEstimate>,
    /// What all of it costs if the answers are empty: what is read alone.
    pub least: Option<TotalCost>,
    /// What all of it costs if every answer is as long as it may be.
    pub most: Option<TotalCost>,
}

/// What one model would take.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelEstimate {
    /// The model.
    pub model: String,
    /// Calls that are left.
    pub calls: u64,
    /// Calls that were answered before and are not made again.
    pub answered: u64,
    /// Characters of all questions, with their system prompts and the forms that are to be filled in.
    pub characters: u64,
    /// Characters that are taken for a token.
    pub characters_per_token: f64,
    /// Prompts that Bedrock counted for that number; with 0 it is an assumption.
    pub counted_prompts: u64,
    /// Tokens read, as estimated.
    pub input_tokens: u64,
    /// Tokens written if every answer is as long as it may be.
    pub most_output_tokens: u64,
    /// The longest answer in tokens, where `maxTokens` does not say it and it is assumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assumed_answer: Option<u64>,
    /// What it costs if the answers are empty, in US dollars; none where the price is unknown.
    pub least_usd: Option<f64>,
    /// What it costs if every answer is as long as it may be.
    pub most_usd: Option<f64>,
    /// Where the price was read, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
}

/// The calls to one model, added up.
#[derive(Default)]
struct Sum {
    calls: u64,
    answered: u64,
    characters: u64,
    most_output: u64,
    assumes: bool,
    first: Vec<Request>,
}

/// Estimates what is left to ask. With a `counter`, some prompts of each model are counted, to know how many characters
/// a token has; where nobody counts, an assumption takes its place.
///
/// # Errors
/// When the dataset or the records cannot be read.
pub async fn estimate(execution: &Execution, counter: Option<&TokenCounter>) -> Result<Estimate, RunError> {
    let earlier = resume(execution, &Stop::default()).await?;
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    let mut samples = 0;
    let mut reader = execution.dataset.open().await?;
    while execution.limit.is_none_or(|limit| samples < limit) {
        let sample = match reader.next().await? {
            None => break,
            Some(Entry::Bad(_)) => continue,
            Some(Entry::Sample(sample, _)) => sample,
        };
        samples += 1;
        for call in planned(execution, &earlier, &sample) {
            sums.entry(call.model.clone()).or_default().add(call);
        }
    }
    let mut models = Vec::with_capacity(sums.len());
    let (mut least, mut most) = (Vec::new(), Vec::new());
    for (model, sum) in &sums {
        let counted = sum.count(model, counter).await;
        let (estimate, bounds) = sum.told(execution, model, counted);
        least.push((model.as_str(), bounds.map(|bounds| bounds.0)));
        most.push((model.as_str(), bounds.map(|bounds| bounds.1)));
        models.push(estimate);
    }
    let calls = models.iter().map(|model| model.calls).sum();
    Ok(Estimate { samples, calls, models, least: TotalCost::of(least), most: TotalCost::of(most) })
}

impl Sum {
    fn add(&mut self, call: PlannedCall) {
        self.calls += call.times;
        self.answered += call.answered;
        let form = call.request.tool.as_ref().map_or(0, |tool| tool.characters() as u64);
        self.characters += call.times * (characters(&call.request) + form + call.unwritten);
        self.most_output += call.times * longest_answer(&call.request.inference);
        self.assumes |= call.request.inference.max_tokens.is_none();
        // A text that is not written yet cannot be counted.
        if call.times > 0 && self.first.len() < COUNTED && !call.request.prompt.is_empty() {
            self.first.push(call.request);
        }
    }

    /// Characters and tokens of the prompts that were counted, and how many those are. One refusal is enough.
    async fn count(&self, model: &str, counter: Option<&TokenCounter>) -> (u64, u64, u64) {
        let (mut all_characters, mut tokens, mut prompts) = (0, 0, 0);
        let (Some(counter), Some((id, _))) = (counter, model_behind(model)) else { return (0, 0, 0) };
        for request in &self.first {
            let Some(counted) = counter.count(id, request).await else { break };
            all_characters += characters(request);
            tokens += counted;
            prompts += 1;
        }
        (all_characters, tokens, prompts)
    }

    /// The estimate, and the least and most of its cost.
    fn told(
        &self,
        execution: &Execution,
        model: &str,
        (characters, tokens, prompts): (u64, u64, u64),
    ) -> (ModelEstimate, Option<(Amount, Amount)>) {
        let per_token = if tokens > 0 { characters as f64 / tokens as f64 } else { CHARACTERS_PER_TOKEN };
        let input_tokens = if per_token > 0.0 { (self.characters as f64 / per_token).ceil() as u64 } else { 0 };
        let rate = execution.prices.rate(model);
        let cost = |output_tokens| {
            let usage = Usage { input_tokens, output_tokens, ..Usage::default() };
            rate.as_ref()?.charge(&usage).map(|charge| charge.total())
        };
        let bounds = cost(0).zip(cost(self.most_output));
        let estimate = ModelEstimate {
            model: model.to_owned(),
            calls: self.calls,
            answered: self.answered,
            characters: self.characters,
            characters_per_token: per_token,
            counted_prompts: prompts,
            input_tokens,
            most_output_tokens: self.most_output,
            assumed_answer: self.assumes.then_some(ASSUMED_ANSWER),
            least_usd: bounds.map(|bounds| bounds.0.usd()),
            most_usd: bounds.map(|bounds| bounds.1.usd()),
            price: rate.map(|rate| format!("{} ({})", rate.price.source, rate.price.date)),
        };
        (estimate, bounds)
    }
}

/// The characters of the texts, as Bedrock counts them.
fn characters(request: &Request) -> u64 {
    let system = request.system.as_ref().map_or(0, |system| system.chars().count());
    (request.prompt.chars().count() + system) as u64
}
