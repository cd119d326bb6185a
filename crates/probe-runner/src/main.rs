//! The Lambda function `probe-runner`: settings, clients, run.

use assay_function::settings;
use assay_lambda::{deadline, logging};
use assay_model::bedrock;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use probe_runner::{Runner, handle};
use serde_json::Value;

// One thread: the work is waiting for answers, and waking other threads costs more than they could take over.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::start("probe_runner");
    let settings = settings()?;
    let config = assay_store::aws_settings().await;
    let runner = Runner::new(&settings, &config, bedrock(&config))?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async {
        let (event, context) = event.into_parts();
        handle(event, &runner, deadline(&context), &context.request_id).await
    }))
    .await
}
