//! The work on a round: what was found is told, then each probe is asked, one after the other. Whoever holds the round's claim
//! does it, and goes on where another has stopped.

use crate::alarms::{self, Suite};
use crate::context::Invocation;
use crate::error::RunnerError;
use crate::ledger::{self, End, Outcome, ROUND_FORMAT, Round, RoundKeys};
use crate::probes::Probe;
use crate::tidy::tidy;
use crate::{heartbeat, news};
use assay_core::run::dropped::{Dropped, Surroundings, prepare_probe};
use assay_function::{Evaluated, holder};
use assay_lambda::log_error;
use assay_problem::{Classified, Problem};
use assay_store::{Claim, Claimed, Stage};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tokio_util::sync::CancellationToken;

/// After so long a round that is still not done is given up, and told of.
const LONGEST: SignedDuration = SignedDuration::from_hours(3 * 24);
/// So many findings about a suite's thresholds are told.
const MOST_FINDINGS: usize = 10;
/// After so many probes in a row for which the store cannot be reached, it is down.
const MOST_IN_A_ROW: u32 = 3;

/// Takes `round` as far as it goes, and answers what became of it.
///
/// # Errors
/// When it is not done. Every probe is tried first; the claim is given back, so that whoever comes next goes on at once.
pub(crate) async fn work(invocation: Invocation<'_>, round: &Round) -> Result<Value, RunnerError> {
    let (place, keys) = (&invocation.runner.evaluator.place, RoundKeys::new(&round.id));
    let id = round.id.as_str();
    let claim = match Claim::acquire(place, &keys.claim(), &holder(invocation.request_id)).await? {
        Claimed::Held(claim) => claim,
        Claimed::Busy => {
            tracing::info!(round = id, "another delivery is at work on this round");
            return Ok(json!({"round": id, "result": "busy"}));
        }
        Claimed::Done => {
            tracing::info!(round = id, "this round was done before");
            return Ok(json!({"round": id, "result": "done"}));
        }
    };
    let lost = CancellationToken::new();
    let alive = claim.keep_alive(lost.clone());
    let mut work = Work { invocation, round, keys, claim, lost, done: BTreeMap::new(), renewed: BTreeSet::new() };
    let answer = work.finish().await;
    if answer.is_err() {
        // Should this fail too, whoever comes next waits for the lease to end.
        let _ = work.claim.release().await;
    }
    drop(alive);
    answer
}

struct Work<'a> {
    invocation: Invocation<'a>,
    round: &'a Round,
    keys: RoundKeys,
    claim: Claim,
    /// Cancelled when somebody else has taken the round over.
    lost: CancellationToken,
    /// What became of probes, by their number.
    done: BTreeMap<usize, Outcome>,
    /// Suites whose alarms were put in this invocation.
    renewed: BTreeSet<String>,
}

impl Work<'_> {
    async fn finish(&mut self) -> Result<Value, RunnerError> {
        let round = self.round;
        self.done = ledger::outcomes(&self.invocation.runner.evaluator.place, round).await?;
        tracing::info!(round = round.id, probes = round.probes.len(), done = self.done.len(), "going over the probes");
        // What cannot be told now keeps no suite from being asked.
        let told = self.tell().await;
        let undone = match self.ask_all().await {
            Ok(undone) => undone,
            Err(error) => self.unless_too_old(Err(error)).map(|()| Vec::new())?,
        };
        self.unless_too_old(told)?;
        if self.done.len() == round.probes.len() {
            return self.end(false).await;
        }
        if self.is_too_old() {
            return self.give_up(&undone).await;
        }
        let (done, probes) = (self.done.len(), round.probes.len());
        Err(match undone.into_iter().next() {
            Some((_, error)) if !self.invocation.stop.asking.is_cancelled() => error,
            _ => RunnerError::Incomplete { round: round.id.clone(), done, probes },
        })
    }

    /// Whether the round was tried for long enough.
    fn is_too_old(&self) -> bool {
        Timestamp::now().duration_since(self.round.begun_at) > LONGEST
    }

    /// An error, unless the round was tried for long enough: then it ends in spite of it, or it would be taken up for ever.
    fn unless_too_old(&self, done: Result<(), RunnerError>) -> Result<(), RunnerError> {
        match done {
            Err(error) if self.is_too_old() && !matches!(error, RunnerError::Lost(_)) => {
                log_error!(error, "the round ends without a part of its work", round = self.round.id);
                Ok(())
            }
            done => done,
        }
    }

    /// Tells what was found when the round was written down, once.
    async fn tell(&self) -> Result<(), RunnerError> {
        if self.claim.stage().await >= Stage::Published {
            return Ok(());
        }
        for finding in &self.round.findings.first {
            tracing::warn!(round = self.round.id, %finding, "a probe cannot be asked");
        }
        news::findings(self.invocation.runner, self.round).await?;
        self.advance(Stage::Published).await
    }

    /// Asks every probe that is not done. Gives back those that are not done then, each with the reason.
    async fn ask_all(&mut self) -> Result<Vec<(usize, RunnerError)>, RunnerError> {
        let Invocation { runner, stop, request_id } = self.invocation;
        let mut undone = Vec::new();
        if self.done.len() == self.round.probes.len() {
            return Ok(undone);
        }
        let around = runner.evaluator.surroundings(request_id).await?;
        let mut unavailable = 0;
        for (number, probe) in self.round.probes.iter().enumerate() {
            if self.done.contains_key(&number) {
                continue;
            }
            if self.lost.is_cancelled() {
                return Err(RunnerError::Lost(self.round.id.clone()));
            }
            if stop.asking.is_cancelled() || unavailable >= MOST_IN_A_ROW {
                break;
            }
            match Box::pin(self.ask(number, probe, &around)).await {
                Ok(outcome) => {
                    unavailable = 0;
                    self.done.insert(number, outcome);
                }
                Err(error) => {
                    log_error!(error, "not done", round = self.round.id, suite = probe.suite, key = probe.key);
                    unavailable = if error.is_unavailable() { unavailable + 1 } else { 0 };
                    undone.push((number, error));
                }
            }
        }
        Ok(undone)
    }

    /// Asks one probe, and writes down that it is done.
    async fn ask(&mut self, number: usize, probe: &Probe, around: &Surroundings) -> Result<Outcome, RunnerError> {
        let Invocation { runner, stop, request_id } = self.invocation;
        let dropped = Dropped {
            bucket: runner.evaluator.settings.bucket.clone(),
            key: probe.key.clone(),
            version: probe.version.clone(),
            e_tag: probe.e_tag.clone(),
            written: None,
        };
        let mut outcome = Outcome {
            format: ROUND_FORMAT,
            suite: probe.suite.clone(),
            application: String::new(),
            key: probe.key.clone(),
            run: String::new(),
            // The round says what it asks; what is no dataset is not among it, unless somebody has changed the file.
            result: "refused".to_owned(),
            at: Timestamp::now(),
            findings: Vec::new(),
        };
        if let Some(run) = prepare_probe(&dropped, self.round.time, around).await? {
            let execution = &run.execution;
            // A broken spec does not say under which application the suite's numbers are.
            if execution.problems.errors == 0 {
                outcome.application = execution.application.clone();
                let suite = Suite { suite: &execution.suite, application: &execution.application };
                outcome.findings.extend(self.renew_alarms(suite).await);
            }
            let evaluated = runner.evaluator.evaluate(&run, &stop.child(), request_id).await?;
            if evaluated == Evaluated::Busy {
                let (round, done, probes) = (self.round.id.clone(), self.done.len(), self.round.probes.len());
                return Err(RunnerError::Incomplete { round, done, probes });
            }
            outcome.result = evaluated.word().to_owned();
            (outcome.suite, outcome.run, outcome.at) =
                (execution.suite.clone(), execution.run.clone(), Timestamp::now());
        }
        ledger::create(&runner.evaluator.place, &self.keys.outcome(number), outcome).await
    }

    /// Puts the suite's alarms, once in this invocation: before its run, so that the run is judged by what was before it. What
    /// keeps them from being put does not keep the suite from being asked.
    async fn renew_alarms(&mut self, suite: Suite<'_>) -> Vec<Problem> {
        if !self.renewed.insert(suite.suite.to_owned()) {
            return Vec::new();
        }
        let renewed = tokio::select! {
            renewed = alarms::renew(self.invocation.runner, suite, self.round.time) => renewed,
            // Then the suite is not asked either: whoever goes on with it begins here.
            () = self.invocation.stop.asking.cancelled() => return Vec::new(),
        };
        let error = match renewed {
            Ok(findings) => return findings.into_iter().take(MOST_FINDINGS).collect(),
            Err(error) => error,
        };
        let (name, said) = (suite.suite, error.chain());
        log_error!(error, "the suite's alarms could not be put", suite = name);
        vec![Problem::warning(format!("suite {name}"), format!("its alarms could not be renewed: {said}"))]
    }

    /// Ends the round with what is not done, which was tried for long enough, and tells of it.
    async fn give_up(&self, undone: &[(usize, RunnerError)]) -> Result<Value, RunnerError> {
        let given_up = self.round.probes.iter().enumerate().filter(|(number, _)| !self.done.contains_key(number));
        let problem = |(number, probe): (usize, &Probe)| {
            let error = undone.iter().find(|(tried, _)| *tried == number).map(|(_, error)| error.chain());
            let why = error.unwrap_or_else(|| "no time was left for it".to_owned());
            let problem = Problem::error(&probe.key, format!("it was not done in three days: {why}"));
            problem.remedy("mend that, and ask for the suite again")
        };
        let problems: Vec<Problem> = given_up.map(problem).collect();
        for finding in &problems {
            tracing::error!(round = self.round.id, %finding, "a probe is given up");
        }
        self.report("a round was given up", &problems).await?;
        self.end(true).await
    }

    async fn end(&self, given_up: bool) -> Result<Value, RunnerError> {
        let (place, at) = (&self.invocation.runner.evaluator.place, Timestamp::now());
        let mut findings: Vec<Problem> = self.done.values().flat_map(|outcome| outcome.findings.clone()).collect();
        if !given_up {
            findings.extend(tidy(self.invocation.runner, self.round, &self.done).await);
        }
        self.report("not everything around the runs was done", &findings).await?;
        if self.round.sign_of_life && !given_up {
            heartbeat::beat(place, self.round, at).await?;
        }
        let end = End { format: ROUND_FORMAT, at, done: self.done.len(), given_up };
        ledger::create(place, &self.keys.end(), end).await?;
        self.advance(Stage::Done).await?;
        let result = if given_up { "given up" } else { "finished" };
        let findings = self.round.findings.errors + self.round.findings.warnings + findings.len() as u64;
        tracing::info!(round = self.round.id, result, done = self.done.len(), findings, "the round has ended");
        let probe = |outcome: &Outcome| json!({"suite": outcome.suite, "key": outcome.key, "run": outcome.run, "result": outcome.result});
        let probes: Vec<Value> = self.done.values().map(probe).collect();
        Ok(json!({"round": self.round.id, "result": result, "probes": probes, "findings": findings}))
    }

    async fn report(&self, what: &str, problems: &[Problem]) -> Result<(), RunnerError> {
        let facts = problems.iter().map(ToString::to_string).collect();
        self.unless_too_old(news::problem(self.invocation.runner, self.round, what, facts).await)
    }

    async fn advance(&self, stage: Stage) -> Result<(), RunnerError> {
        match self.claim.advance(stage).await? {
            true => Ok(()),
            false => Err(RunnerError::Lost(self.round.id.clone())),
        }
    }
}
