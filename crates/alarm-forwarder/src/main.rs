//! The Lambda function `alarm-forwarder`: settings, clients, run.

use alarm_forwarder::{Forwarder, ForwarderSettings, handle};
use assay_lambda::{deadline, logging};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

// One thread: the work is waiting for answers, and waking other threads costs more than they could take over.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::start("alarm_forwarder");
    let settings = ForwarderSettings::from_environment()?;
    let config = assay_store::aws_settings().await;
    let forwarder = Forwarder::new(&settings, &config)?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async {
        let (event, context) = event.into_parts();
        handle(event, &forwarder, deadline(&context), &context.request_id).await
    }))
    .await
}
