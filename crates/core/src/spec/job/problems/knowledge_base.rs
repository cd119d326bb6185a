//! What a RAG job retrieves from, and how it answers from that.

use crate::spec::findings::Findings;
use crate::spec::job::{JobKind, JobSpec};
use assay_model::Inference;

/// The most texts that end an answer, their longest, and the longest answer, where a knowledge base answers.
const MOST_STOP_SEQUENCES: usize = 4;
const LONGEST_STOP_SEQUENCE: usize = 1000;
const MOST_TOKENS: i32 = 65_536;

pub(super) fn check(job: &JobSpec, found: &mut Findings<'_>) {
    if job.kind != JobKind::Rag {
        return;
    }
    let Some(knowledge_base) = &job.knowledge_base else {
        if !job.recorded {
            let remedy = "give `knowledge_base`, or `recorded: true` where the dataset has the answers";
            found.wrong("", "a RAG job needs something to retrieve from", remedy);
        }
        return;
    };
    if job.recorded {
        let message = "nothing is retrieved where answers are recorded";
        return found.wrong("knowledge_base", message, "remove it, or leave out `recorded`");
    }
    if job.retrieve_only {
        let unused = [
            ("prompt_template", knowledge_base.prompt_template.is_some()),
            ("inference", knowledge_base.inference != Inference::default()),
        ];
        for (key, _) in unused.into_iter().filter(|(_, given)| *given) {
            let place = format!("knowledge_base/{key}");
            found.wrong(&place, "nothing is generated with `retrieve_only`", "remove it, or leave out `retrieve_only`");
        }
        return;
    }
    check_inference(&knowledge_base.inference, "knowledge_base/inference", found);
    for (index, model) in job.models.iter().enumerate() {
        check_inference(&model.inference, &format!("models/{index}/inference"), found);
    }
}

/// Tighter bounds than those of a model that is asked by itself.
fn check_inference(inference: &Inference, place: &str, found: &mut Findings<'_>) {
    let sequences = &inference.stop_sequences;
    let place_of_sequences = format!("{place}/stopSequences");
    if sequences.len() > MOST_STOP_SEQUENCES {
        let message = format!("{} stop sequences are more than {MOST_STOP_SEQUENCES}", sequences.len());
        found.wrong(&place_of_sequences, message, "a knowledge base takes no more; take some out");
    }
    let fits = |text: &String| (1..=LONGEST_STOP_SEQUENCE).contains(&text.chars().count());
    if !sequences.iter().all(fits) {
        let message = format!("a stop sequence has 1 to {LONGEST_STOP_SEQUENCE} characters");
        found.wrong(&place_of_sequences, message, "shorten or remove it");
    }
    if inference.max_tokens.is_some_and(|tokens| tokens > MOST_TOKENS) {
        let message = format!("a knowledge base answers with at most {MOST_TOKENS} tokens");
        found.wrong(&format!("{place}/maxTokens"), message, "lower it");
    }
}
