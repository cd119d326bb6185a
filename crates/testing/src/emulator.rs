//! The emulator of this test program: started once, by whichever test asks first.

use local_stack::emulator::Emulator;
use local_stack::environment::Environment;
use local_stack::places;
use local_stack::stand_in::ServiceModel;
use std::ffi::OsString;
use std::sync::{Arc, OnceLock};

struct Started {
    emulator: Emulator,
    service_model: Arc<ServiceModel>,
    control_model: Arc<ServiceModel>,
}

/// It is never dropped: the emulator ends with this process, however that ends.
fn started() -> &'static Started {
    static STARTED: OnceLock<Result<Started, String>> = OnceLock::new();
    match STARTED.get_or_init(|| start().map_err(|error| format!("{error:#}"))) {
        Ok(started) => started,
        Err(error) => panic!("failed to start the emulator: {error}"),
    }
}

/// Starts it on a thread of its own, because the first test is inside a runtime that ends before the others.
fn start() -> Result<Started, Box<dyn std::error::Error + Send + Sync>> {
    let starting = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let environment = Environment::prepare().await?;
            let folder = places::target().join("tmp").join(program()?);
            let emulator = Emulator::start(&environment, &folder, None).await?;
            let service_model = Arc::new(ServiceModel::load(&environment.bedrock_runtime_model()?)?);
            let control_model = Arc::new(ServiceModel::load(&environment.bedrock_model()?)?);
            Ok(Started { emulator, service_model, control_model })
        })
    });
    starting.join().map_err(|_| "the thread that starts it panicked")?
}

/// The name of this test program, which no other has that may run at the same time.
fn program() -> Result<OsString, std::io::Error> {
    let program = std::env::current_exe()?;
    Ok(program.file_name().unwrap_or_default().to_owned())
}

/// The endpoint of every emulated service.
pub fn url() -> String {
    started().emulator.url()
}

/// What Bedrock requests are checked against.
pub fn service_model() -> Arc<ServiceModel> {
    Arc::clone(&started().service_model)
}

/// What requests to Bedrock's control plane are checked against.
pub fn control_model() -> Arc<ServiceModel> {
    Arc::clone(&started().control_model)
}
