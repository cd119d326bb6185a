//! The life of one job from its creation to its end.
//!
//! It keeps the order in which the service does things: permission check, output, and only then the status.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::behaviour::JobBehaviour;
use super::job::{Job, JobStatus};
use super::output::{self, PERMISSION_CHECK};
use super::storage::Storage;
use super::{dataset, request::JobRequest};
use crate::stand_in::shared::Shared;

/// How often a job looks whether its time has come or it is to stop.
const HEARTBEAT: Duration = Duration::from_millis(5);

/// Works until the job is over.
pub(super) async fn work(shared: Arc<Shared>, arn: String) {
    let started = Instant::now();
    let Some(job) = shared.jobs.get(&arn) else { return };
    let storage = match begin(&shared, &job.request).await {
        Ok(storage) => storage,
        Err(message) => return shared.jobs.fail(&arn, vec![message]),
    };
    loop {
        match shared.jobs.status(&arn) {
            Some(JobStatus::Stopping) => {
                passed(&shared, |behaviour| behaviour.stop_after_ms).await;
                return shared.jobs.stopped(&arn);
            }
            Some(JobStatus::InProgress) => {
                let due = due(&shared, &job, started);
                if let Some(behaviour) = due {
                    conclude(&shared, &storage, &job, &behaviour).await;
                }
            }
            _ => return,
        }
        tokio::time::sleep(HEARTBEAT).await;
    }
}

/// The behaviour that ends the job, once its time has come.
fn due(shared: &Shared, job: &Job, started: Instant) -> Option<JobBehaviour> {
    let plan = shared.plan();
    let behaviour = &plan.behaviour().jobs;
    let is_due = started.elapsed() >= Duration::from_millis(behaviour.finish_after_ms);
    (is_due && !behaviour.holds(&job.request.job_name)).then(|| behaviour.clone())
}

/// Tries whether the job may write.
async fn begin(shared: &Shared, request: &JobRequest) -> Result<Storage, String> {
    let missing = "The stand-in was not told where S3 is, so the job can neither read its dataset nor write.";
    let storage = shared.storage().ok_or(missing)?;
    let key = format!("{}/{PERMISSION_CHECK}", request.job_name);
    storage.write(&request.output_data_config.s3_uri, &key, String::new()).await?;
    Ok(storage)
}

/// Ends a job in one way or the other, unless it is asked to stop before its output is written.
async fn conclude(shared: &Arc<Shared>, storage: &Storage, job: &Job, behaviour: &JobBehaviour) {
    if let Some(failure) = behaviour.failure(&job.request.job_name) {
        return shared.jobs.fail(&job.arn, failure.messages.clone());
    }
    let (mut datasets, mut problems) = (Vec::new(), Vec::new());
    for dataset in job.request.datasets() {
        match dataset::load(&job.request, dataset, storage).await {
            Ok(records) => datasets.push(records),
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return shared.jobs.fail(&job.arn, problems);
    }
    let files = match output::make(shared, job, behaviour, &datasets).await {
        Ok(files) => files,
        Err(message) => return shared.jobs.fail(&job.arn, vec![message]),
    };
    if !shared.jobs.begin_conclusion(&job.arn) {
        return;
    }
    for file in files {
        let uri = &job.request.output_data_config.s3_uri;
        if let Err(message) = storage.write(uri, &file.key, file.content).await {
            return shared.jobs.fail(&job.arn, vec![message]);
        }
    }
    passed(shared, |behaviour| behaviour.completes_late_ms).await;
    shared.jobs.complete(&job.arn);
}

/// Waits for as many milliseconds as the behaviour in force says, also where it changes meanwhile.
async fn passed(shared: &Shared, milliseconds: impl Fn(&JobBehaviour) -> u64) {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(milliseconds(&shared.plan().behaviour().jobs)) {
        tokio::time::sleep(HEARTBEAT).await;
    }
}
