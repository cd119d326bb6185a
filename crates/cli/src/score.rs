//! `assay score`: scores of recorded answers, one line out for each line and model.

use crate::arguments::Score;
use crate::error::{Context, Result, ToolError};
use crate::exit::{Exit, UsageError};
use crate::input::Input;
use crate::{aws, output};
use assay_core::dataset::{Entry, survey};
use assay_core::record::{Record, RecordReader};
use assay_core::score_record::Scoring;
use assay_core::spec::RunSpec;
use assay_report::clean_json;
use assay_score::Scorer;
use assay_store::keys::RunKeys;
use assay_store::{Place, read};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// One line of the output.
#[derive(Serialize)]
struct Scored<'a> {
    id: &'a str,
    model: &'a str,
    scores: &'a BTreeMap<String, assay_score::Score>,
}

/// What is read of a run's `spec.json`.
#[derive(Deserialize)]
struct SpecFile {
    spec: RunSpec,
}

/// Where scores go.
struct Scores {
    scoring: Scoring,
    output: Box<dyn AsyncWrite + Unpin>,
    written: u64,
}

impl Scores {
    /// Scores a record and writes the line.
    async fn add(&mut self, record: &mut Record) -> Result<()> {
        self.scoring.judge(record);
        let line = Scored { id: &record.sample.id, model: &record.model, scores: &record.scores };
        let line = format!("{}\n", clean_json(&serde_json::to_string(&line)?));
        self.output.write_all(line.as_bytes()).await.map_err(unwritten)?;
        self.written += 1;
        Ok(())
    }
}

/// Scores every recorded answer. The exit code is 4 when lines could not be used, or when there is nothing to score.
pub(crate) async fn score(arguments: Score) -> Result<Exit> {
    let mut scorers: Vec<Scorer> = Vec::new();
    for name in &arguments.scorers {
        let scorer: Scorer = name.trim().parse().map_err(|error| UsageError(format!("--scorers: {error}")))?;
        if !scorers.contains(&scorer) {
            scorers.push(scorer);
        }
    }
    match run_folder(&arguments.file).await? {
        Some((run, spec)) => score_run(&run, of_run(spec, scorers)?, &arguments).await,
        None => score_dataset(Scoring::by(&scorers), &arguments).await,
    }
}

async fn score_dataset(mut scoring: Scoring, arguments: &Score) -> Result<Exit> {
    let input = Input::open(&arguments.file).await?;
    input.meta().await?;
    if arguments.scorers.iter().any(|name| name.trim() == Scorer::ClassificationAccuracy.name()) {
        // What may be answered is what is right somewhere in the dataset, as in a run.
        let survey = survey(&input.dataset(), None, |_| {}).await?;
        scoring = scoring.with_labels(survey.labels);
    }
    let mut reader = input.dataset().open().await?;
    if let Some(output) = arguments.output.as_deref()
        && is_same_file(output, &arguments.file)
    {
        return Err(UsageError(format!("--output `{output}` is the dataset itself; name another file")).into());
    }
    let mut scores = Scores { scoring, output: output::open(arguments.output.as_deref()).await?, written: 0 };
    let (mut bad, mut unanswered) = (0u64, 0u64);
    while let Some(entry) = reader.next().await? {
        let (mut sample, problems) = match entry {
            Entry::Sample(sample, warnings) => (Some(*sample), warnings),
            Entry::Bad(problems) => (None, problems),
        };
        for problem in problems {
            output::note(problem);
        }
        let Some(sample) = &mut sample else {
            bad += 1;
            continue;
        };
        let answers = std::mem::take(&mut sample.recorded);
        unanswered += u64::from(answers.is_empty());
        for answer in answers {
            scores.add(&mut Record::recorded(sample.clone(), &answer.model, answer.response)).await?;
        }
    }
    scores.output.shutdown().await.map_err(unwritten)?;
    let written = scores.written;
    output::note(format!(
        "{written} answers scored, {unanswered} lines without a recorded answer, {bad} lines not usable"
    ));
    if written == 0 && bad == 0 {
        let file = &arguments.file;
        output::note(match unanswered {
            0 => format!("error: the dataset `{file}` is empty"),
            _ => format!("error: no line of `{file}` has a recorded answer; add `modelResponses`"),
        });
    }
    Ok(if bad > 0 || written == 0 { Exit::Incomplete } else { Exit::Done })
}

/// Scores the answers of a run anew, as they are in its records: no model is asked.
async fn score_run(run: &Place, scoring: Scoring, arguments: &Score) -> Result<Exit> {
    let mut records = RecordReader::open(&*run.store, &RunKeys::alone()).await?;
    let mut scores = Scores { scoring, output: output::open(arguments.output.as_deref()).await?, written: 0 };
    let (mut seen, mut failed) = (HashSet::new(), HashSet::new());
    while let Some(mut record) = records.next().await? {
        let key = record.key();
        // Whoever goes on with a run may answer what failed before, or write an answer twice: it counts once.
        if record.failure.is_some() {
            failed.insert(key);
        } else if seen.insert(key) {
            scores.add(&mut record).await?;
        }
    }
    scores.output.shutdown().await.map_err(unwritten)?;
    let unanswered = failed.difference(&seen).count();
    output::note(format!("{} answers scored, {unanswered} samples without an answer", scores.written));
    if scores.written == 0 {
        output::note(format!("error: the run `{}` has no answer", arguments.file));
    }
    Ok(if scores.written == 0 { Exit::Incomplete } else { Exit::Done })
}

/// What the run's spec says of labels and synonyms holds here too; what is judged is what was typed.
fn of_run(spec: RunSpec, scorers: Vec<Scorer>) -> Result<Scoring> {
    let spec = RunSpec { labels: spec.labels, synonyms: spec.synonyms, scorers, ..RunSpec::default() };
    Scoring::of(&spec).map_err(|problems| UsageError(problems.join("; ")).into())
}

/// The run in the folder `name` and its spec, if it is a folder that holds one.
async fn run_folder(name: &str) -> Result<Option<(Place, RunSpec)>> {
    let is_folder = if Place::is_s3(name) { !name.ends_with(".jsonl") } else { std::path::Path::new(name).is_dir() };
    if !is_folder {
        return Ok(None);
    }
    let place = if Place::is_s3(name) { Place::s3(name, aws::settings().await)? } else { Place::folder(name)? };
    let Some(file) = read(&*place.store, &RunKeys::alone().spec()).await? else {
        let message = format!("`{name}` holds no run; name a dataset (.jsonl) or the folder of a run");
        return Err(UsageError(message).into());
    };
    let spec =
        serde_json::from_slice::<SpecFile>(&file).with_context(|| format!("failed to read the spec of `{name}`"))?;
    Ok(Some((place, spec.spec)))
}

/// Why the scores could not be written.
fn unwritten(error: std::io::Error) -> ToolError {
    output::unwritten(error, "--output").context("failed to write the scores")
}

/// Whether both names are of one file. Writing to what is being read would lose it.
fn is_same_file(left: &str, right: &str) -> bool {
    left == right || matches!((std::fs::canonicalize(left), std::fs::canonicalize(right)), (Ok(l), Ok(r)) if l == r)
}
