//! Whoever is asked through one backend: made when first asked, kept at a pace, and left alone once it says that
//! nothing more can be asked of it.

use super::budget::within;
use super::halt::Halt;
use super::progress::Progress;
use super::stop::Stop;
use crate::spec::{Execution, RunError};
use assay_model::pricing::Spending;
use assay_model::{Backend, Model, ModelError, Models, Pace, Paced, Patience, Request, Response};
use assay_problem::Problem;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

/// What all who are asked in a run share.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'a> {
    /// The run.
    pub execution: &'a Execution,
    /// Where to tell how far it is.
    pub progress: &'a Progress,
    /// When to end.
    pub stop: &'a Stop,
    /// What the run may spend, where it has a budget.
    pub spending: Option<&'a Arc<Spending>>,
}

/// Whoever is asked through one backend.
pub(super) struct Respondent<'a> {
    execution: &'a Execution,
    progress: &'a Progress,
    spending: Option<&'a Arc<Spending>>,
    backend: Backend,
    id: String,
    requests_per_minute: Option<f64>,
    model: OnceCell<Paced>,
    /// Whether it has answered anything in this run.
    answers: AtomicBool,
    /// Whether something was left unasked because the run stops.
    stopped: AtomicBool,
    /// Why nothing more can be asked of it.
    ended: OnceCell<ModelError>,
    /// Ends the waiting of those who have not asked yet: with the run, or when it has ended.
    quit: CancellationToken,
}

impl<'a> Respondent<'a> {
    /// Who answers to `id` through `backend`.
    pub(super) fn new(asking: Asking<'a>, (backend, id): (Backend, &str), requests_per_minute: Option<f64>) -> Self {
        let Asking { execution, progress, stop, spending } = asking;
        Self {
            execution,
            progress,
            spending,
            backend,
            id: id.to_owned(),
            requests_per_minute,
            model: OnceCell::new(),
            answers: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            ended: OnceCell::new(),
            quit: stop.asking.child_token(),
        }
    }

    /// The id that it is asked by.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Notes that it has answered, if only in an earlier delivery.
    pub(super) fn has_answered(&self) {
        self.answers.store(true, Ordering::Relaxed);
    }

    /// Notes that it has answered where it is among those who have.
    pub(super) fn recall(&self, answerers: &HashSet<String>) {
        if answerers.contains(&self.id) {
            self.has_answered();
        }
    }

    /// Why nothing more can be asked of it.
    pub(super) fn ended(&self) -> Option<&ModelError> {
        self.ended.get()
    }

    /// Asks. An error that is of no use to meet twice ends this respondent.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) async fn ask(&self, request: &Request) -> Result<Result<Response, ModelError>, RunError> {
        if self.ended.initialized() {
            return Ok(Err(ModelError::Stopped));
        }
        let model = self.model.get_or_try_init(|| self.make()).await?;
        let answer = model.respond(request).await;
        match &answer {
            Ok(response) => {
                let usage = response.usage.unwrap_or_default();
                Progress::add(&self.progress.tokens, usage.input_tokens + usage.output_tokens);
                self.has_answered();
            }
            Err(error) if error.ends_model() => {
                tracing::warn!(model = self.id, class = error.class().name(), "it cannot be asked any more");
                // Whichever error came first is told.
                let _ = self.ended.set(error.clone());
                self.quit.cancel();
            }
            Err(error) => {
                let usage = error.usage().unwrap_or_default();
                Progress::add(&self.progress.tokens, usage.input_tokens + usage.output_tokens);
            }
        }
        Ok(answer)
    }

    /// Asks for evidence, which an answer can do without: who never answered is passed over for good, with the reason;
    /// who has, may answer again once the access is back.
    pub(super) async fn ask_for_evidence(&self, request: &Request) -> Result<Result<Response, ModelError>, Halt> {
        let error = match self.ask(request).await? {
            Ok(response) => return Ok(Ok(response)),
            Err(error) => error,
        };
        match self.ended() {
            Some(_) if self.is_locked_out() => Err(self.halt()),
            Some(ended) => Ok(Err(ended.clone())),
            None if error == ModelError::Stopped => Err(self.halt()),
            None => Ok(Err(error)),
        }
    }

    /// Notes that something is left unasked.
    pub(super) fn halt(&self) -> Halt {
        self.stopped.store(true, Ordering::Relaxed);
        Halt::Stopped
    }

    /// Whether something was left unasked.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Whether it has answered and cannot be asked now.
    pub(super) fn is_locked_out(&self) -> bool {
        self.ended.initialized() && self.answers.load(Ordering::Relaxed)
    }

    /// What is wrong where nothing more can be asked.
    pub(super) fn trouble(&self) -> Option<String> {
        self.ended().map(ToString::to_string)
    }

    /// [`Self::trouble`] of somebody whom the run can do without.
    pub(super) fn warning(&self, what: &str) -> Option<Problem> {
        let problem = Problem::warning(&self.id, format!("{what}: {}", self.trouble()?));
        Some(problem.remedy("mend it and run again; answers were collected without it"))
    }

    /// The marks of its requests in Bedrock's invocation logs.
    pub(super) fn marks(&self, role: Option<&str>) -> BTreeMap<String, String> {
        let mut marks = BTreeMap::from([
            ("source".to_owned(), "assay".to_owned()),
            ("suite".to_owned(), self.execution.suite.clone()),
            ("run".to_owned(), self.execution.run.clone()),
        ]);
        marks.extend(role.map(|role| ("role".to_owned(), role.to_owned())));
        marks
    }

    async fn make(&self) -> Result<Paced, RunError> {
        let models: &Models = &self.execution.models;
        let model = models(self.backend.clone(), self.id.clone())
            .await
            .map_err(|reason| RunError::Model { model: self.id.clone(), reason })?;
        // What guardrails cost is counted in units of text, which a budget does not know.
        let is_metered = matches!(self.backend, Backend::Converse | Backend::Embedding { .. });
        let model = within(model, self.spending.filter(|_| is_metered), &self.execution.prices);
        let pace = Pace::new(self.execution.concurrency, self.requests_per_minute);
        let waiting = Arc::clone(&self.progress.waiting);
        Ok(Paced::new(model, pace, Patience::default(), self.quit.clone(), waiting))
    }
}
