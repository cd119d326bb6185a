//! The Lambda function `result-parser`: settings, clients, run.

use assay_function::settings;
use assay_lambda::{deadline, logging};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use result_parser::{Parser, handle};
use serde_json::Value;

// One thread: the work is waiting for the service and the store, and waking other threads costs more than they could take
// over.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::start("result_parser");
    let settings = settings()?;
    let config = assay_store::aws_settings().await;
    let parser = Parser::new(&settings, &config)?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async {
        let (event, context) = event.into_parts();
        handle(event, &parser, deadline(&context), &context.request_id).await
    }))
    .await
}
