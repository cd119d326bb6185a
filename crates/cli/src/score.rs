//! `assay score`: scores of recorded answers, one line out for each line and model.

use crate::arguments::Score;
use crate::exit::{Exit, UsageError};
use crate::input::Input;
use crate::output;
use anyhow::Result;
use assay_core::dataset::Entry;
use assay_core::run::{Record, Scoring};
use assay_core::scorer::Scorer;
use assay_report::{clean, clean_json};
use serde::Serialize;
use std::collections::BTreeMap;
use tokio::io::AsyncWriteExt;

/// One line of the output.
#[derive(Serialize)]
struct Scored<'a> {
    id: &'a str,
    model: &'a str,
    scores: &'a BTreeMap<String, assay_core::scorer::Score>,
}

/// Scores every recorded answer. The exit code is 4 when lines could not be used, or when there is nothing to score.
pub async fn score(arguments: Score) -> Result<Exit> {
    let mut scorers: Vec<Scorer> = Vec::new();
    for name in &arguments.scorers {
        let scorer: Scorer = name.trim().parse().map_err(|error| UsageError(format!("--scorers: {error}")))?;
        if !scorers.contains(&scorer) {
            scorers.push(scorer);
        }
    }
    let scoring = Scoring::by(&scorers);
    let input = Input::open(&arguments.file).await?;
    input.meta().await?;
    let mut reader = input.dataset().open().await?;
    if let Some(output) = arguments.output.as_deref()
        && is_same_file(output, &arguments.file)
    {
        return Err(UsageError(format!("--output `{output}` is the dataset itself; name another file")).into());
    }
    let mut output = output::open(arguments.output.as_deref()).await?;
    let (mut bad, mut unanswered, mut written) = (0u64, 0u64, 0u64);
    while let Some(entry) = reader.next().await? {
        let (mut sample, problems) = match entry {
            Entry::Sample(sample, warnings) => (Some(*sample), warnings),
            Entry::Bad(problems) => (None, problems),
        };
        for problem in problems {
            eprintln!("{}", clean(&problem.to_string()));
        }
        let Some(sample) = &mut sample else {
            bad += 1;
            continue;
        };
        let answers = std::mem::take(&mut sample.recorded);
        unanswered += u64::from(answers.is_empty());
        for answer in answers {
            let mut record = Record::recorded(sample.clone(), &answer.model, answer.response);
            scoring.judge(&mut record);
            let line = Scored { id: &record.sample.id, model: &record.model, scores: &record.scores };
            let line = format!("{}\n", clean_json(&serde_json::to_string(&line)?));
            output
                .write_all(line.as_bytes())
                .await
                .map_err(|error| output::unwritten(error, "--output").context("failed to write the scores"))?;
            written += 1;
        }
    }
    output
        .shutdown()
        .await
        .map_err(|error| output::unwritten(error, "--output").context("failed to write the scores"))?;
    eprintln!("{written} answers scored, {unanswered} lines without a recorded answer, {bad} lines not usable");
    if written == 0 && bad == 0 {
        let file = clean(&arguments.file);
        match unanswered {
            0 => eprintln!("error: the dataset `{file}` is empty"),
            _ => eprintln!("error: no line of `{file}` has a recorded answer; add `modelResponses`"),
        }
    }
    Ok(if bad > 0 || written == 0 { Exit::Incomplete } else { Exit::Done })
}

/// Whether both names are of one file. Writing to what is being read would lose it.
fn is_same_file(left: &str, right: &str) -> bool {
    left == right || matches!((std::fs::canonicalize(left), std::fs::canonicalize(right)), (Ok(l), Ok(r)) if l == r)
}
