//! The weekly digest: gathered, written down below `monitor/digests/<id>/`, and told, once for each occasion.

mod calls;
mod gather;

use crate::context::Invocation;
use crate::error::RunnerError;
use crate::occasion::Occasion;
use crate::{ledger, news};
use assay_function::holder;
use assay_monitor::digest::{Digest, markdown};
use assay_notice::{Notice, NoticeKind};
use assay_store::keys::{MONITOR, RunKeys};
use assay_store::{self as store, Claim, Claimed, Stage};
use object_store::path::Path;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// The keys of a digest.
struct DigestKeys {
    root: Path,
}

impl DigestKeys {
    fn new(id: &str) -> Self {
        Self { root: Path::from_iter([MONITOR.trim_end_matches('/'), "digests", id]) }
    }

    fn claim(&self) -> RunKeys {
        RunKeys::at(self.root.clone())
    }

    fn numbers(&self) -> Path {
        self.root.clone().join("digest.json")
    }

    fn page(&self) -> Path {
        self.root.clone().join("digest.md")
    }
}

/// Tells what happened in the seven days before `occasion`, once.
///
/// # Errors
/// When it is not told: the next delivery goes on with what was gathered.
pub(crate) async fn digest(invocation: Invocation<'_>, occasion: &Occasion) -> Result<Value, RunnerError> {
    let (place, keys) = (&invocation.runner.evaluator.place, DigestKeys::new(&occasion.id));
    let id = occasion.id.as_str();
    if let Some(problem) = &occasion.problem {
        tracing::warn!(digest = id, %problem, "the time of the digest is not used");
    }
    let claim = match Claim::acquire(place, &keys.claim(), &holder(invocation.request_id)).await? {
        Claimed::Held(claim) => claim,
        Claimed::Busy => return Ok(json!({"digest": id, "result": "busy"})),
        Claimed::Done => return Ok(json!({"digest": id, "result": "done"})),
    };
    let alive = claim.keep_alive(CancellationToken::new());
    let told = tell(invocation, occasion, &keys, &claim).await;
    if told.is_err() {
        // Should this fail too, whoever comes next waits for the lease to end.
        let _ = claim.release().await;
    }
    drop(alive);
    told
}

async fn tell(
    invocation: Invocation<'_>,
    occasion: &Occasion,
    keys: &DigestKeys,
    claim: &Claim,
) -> Result<Value, RunnerError> {
    let evaluator = &invocation.runner.evaluator;
    let place = &evaluator.place;
    // What an earlier delivery has gathered is told as it is: the log need not be asked, and paid for, again.
    let digest = match ledger::read::<Digest>(place, &keys.numbers()).await? {
        Some(digest) => digest,
        None => {
            let gathered = Box::pin(gather::gather(invocation, occasion.time)).await?;
            ledger::create(place, &keys.numbers(), gathered).await?
        }
    };
    store::overwrite(&*place.store, &keys.page(), markdown(&digest)).await?;
    let mut facts = digest.facts();
    facts.extend(occasion.problem.as_ref().map(|problem| format!("This digest: {problem}")));
    let mut notice = Notice::new(NoticeKind::WeeklyDigest, digest.title(), facts);
    notice.summary = Some(place.name_of(&keys.numbers()));
    notice.report = Some(place.name_of(&keys.page()));
    notice.link = notice.report.as_deref().zip(evaluator.topic.as_ref()).and_then(|(page, topic)| topic.link_to(page));
    // Whoever has lost the claim meanwhile must not tell what its new holder tells.
    advance(claim, Stage::Published, occasion).await?;
    news::tell(invocation.runner, &notice).await?;
    advance(claim, Stage::Done, occasion).await?;
    tracing::info!(digest = occasion.id, suites = digest.suites.len(), "the digest is told");
    Ok(json!({"digest": occasion.id, "result": "told", "suites": digest.suites.len()}))
}

async fn advance(claim: &Claim, stage: Stage, occasion: &Occasion) -> Result<(), RunnerError> {
    match claim.advance(stage).await? {
        true => Ok(()),
        false => Err(RunnerError::Lost(occasion.id.clone())),
    }
}
