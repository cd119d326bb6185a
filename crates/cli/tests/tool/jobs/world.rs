//! The world of one test: a bucket of its own, a stand-in that reads and writes it, and the tool beside both.

use crate::tool::{Ended, Tool, until};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use futures::TryStreamExt;
use local_stack::emulator::{Emulator, REGION};
use local_stack::environment::Environment;
use local_stack::stand_in::{Behaviour, EvaluationJob, JobBehaviour, ServiceModel, StandIn, StandInOptions};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use serde_json::Value;
use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// The role that jobs act as.
pub(crate) const ROLE: &str = "arn:aws:iam::000000000000:role/evaluation";

struct Services {
    emulator: Emulator,
    control_model: Arc<ServiceModel>,
}

/// Started once, by whichever test asks first, and never dropped: the emulator ends with this process.
fn services() -> &'static Services {
    static STARTED: OnceLock<Services> = OnceLock::new();
    let start = async || {
        let environment = Environment::prepare().await.unwrap();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tool-jobs");
        let emulator = Emulator::start(&environment, &folder, None).await.unwrap();
        let control_model = Arc::new(ServiceModel::load(&environment.bedrock_model().unwrap()).unwrap());
        Services { emulator, control_model }
    };
    STARTED.get_or_init(|| wait(start()))
}

/// Waits for something asynchronous.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A bucket, a stand-in, and a tool that has credentials for both.
pub(crate) struct World {
    pub tool: Tool,
    pub stand_in: StandIn,
    pub bucket: String,
    store: AmazonS3,
}

impl World {
    /// A world whose jobs end at once.
    pub(crate) fn new(name: &str) -> Self {
        Self::with(name, JobBehaviour::default())
    }

    /// A world whose jobs go this way.
    pub(crate) fn with(name: &str, jobs: JobBehaviour) -> Self {
        let services = services();
        let stand_in = StandIn::start(StandInOptions {
            behaviour: Behaviour { jobs, ..Behaviour::default() },
            control_model: Some(Arc::clone(&services.control_model)),
            ..StandInOptions::default()
        })
        .unwrap();
        let (bucket, url) = (format!("tool-{name}"), services.emulator.url());
        stand_in.set_object_storage(&url);
        let made = wait(reqwest::Client::new().put(format!("{url}/{bucket}")).send()).unwrap();
        assert!(made.status().is_success(), "{}", made.status());
        let store = AmazonS3Builder::new()
            .with_bucket_name(&bucket)
            .with_region(REGION)
            .with_endpoint(&url)
            .with_allow_http(true)
            .with_access_key_id("test")
            .with_secret_access_key("test")
            .build()
            .unwrap();
        let tool =
            Tool::beside(&stand_in).with("AWS_ENDPOINT_URL", &url).with("AWS_ENDPOINT_URL_BEDROCK", &stand_in.url());
        Self { tool, stand_in, bucket, store }
    }

    /// Lets jobs go this way from now on.
    pub(crate) fn set(&self, jobs: JobBehaviour) {
        self.stand_in.set_behaviour(Behaviour { jobs, ..Behaviour::default() });
    }

    /// `s3://` and the bucket.
    pub(crate) fn place(&self) -> String {
        format!("s3://{}", self.bucket)
    }

    /// Runs `assay job COMMAND --in BUCKET` with further arguments.
    pub(crate) fn job(&self, command: &str, more: &[&str]) -> Ended {
        let place = self.place();
        self.tool.run(&[&["job", command, "--in", &place], more].concat())
    }

    /// Starts the jobs of the folder `suite` as [`ROLE`].
    pub(crate) fn start(&self, more: &[&str]) -> Ended {
        self.job("start", &[&["suite", "--role", ROLE], more].concat())
    }

    /// Waits until the service has no job under way.
    #[track_caller]
    pub(crate) fn until_ended(&self) {
        until("all jobs have ended", || self.stand_in.jobs().iter().all(|job| job.status.is_final()));
    }

    /// Has the service forget jobs.
    pub(crate) fn remove(&self, arns: &[String]) {
        let url = format!("{}/evaluation-jobs/batch-delete", self.stand_in.url());
        let asked = reqwest::Client::new().post(url).json(&serde_json::json!({"jobIdentifiers": arns})).send();
        assert!(wait(asked).unwrap().status().is_success());
    }

    /// The jobs of the service, by name.
    pub(crate) fn jobs(&self) -> BTreeMap<String, EvaluationJob> {
        self.stand_in.jobs().into_iter().map(|job| (job.name.clone(), job)).collect()
    }

    /// How often the service was asked to create a job, and how many jobs it has.
    pub(crate) fn created(&self) -> (usize, usize) {
        let asked = self.stand_in.calls().iter().filter(|call| call.operation == "CreateEvaluationJob").count();
        (asked, self.stand_in.jobs().len())
    }

    /// The keys of all objects below a prefix, in order.
    pub(crate) fn keys(&self, prefix: &str) -> Vec<String> {
        let prefix = Key::parse(prefix).unwrap();
        let found: Vec<_> = wait(self.store.list(Some(&prefix)).try_collect()).unwrap();
        let mut keys: Vec<String> = found.into_iter().map(|meta| meta.location.to_string()).collect();
        keys.sort();
        keys
    }

    /// The text of an object.
    #[track_caller]
    pub(crate) fn text(&self, key: &str) -> String {
        let read = async { self.store.get(&Key::parse(key).unwrap()).await.unwrap().bytes().await.unwrap() };
        String::from_utf8(wait(read).to_vec()).unwrap()
    }

    /// An object that holds JSON.
    #[track_caller]
    pub(crate) fn json(&self, key: &str) -> Value {
        serde_json::from_str(&self.text(key)).unwrap()
    }

    /// An object that holds lines of JSON.
    #[track_caller]
    pub(crate) fn lines(&self, key: &str) -> Vec<Value> {
        self.text(key).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Writes an object.
    pub(crate) fn put(&self, key: &str, text: impl Into<String>) {
        wait(self.store.put(&Key::parse(key).unwrap(), text.into().into())).unwrap();
    }

    /// The note of a job.
    pub(crate) fn note(&self, job: &str) -> Value {
        self.json(&format!("jobs/{job}.json"))
    }

    /// The runs of a suite, as keys.
    pub(crate) fn runs(&self, suite: &str) -> Vec<String> {
        let keys = self.keys(&format!("runs/{suite}"));
        let runs = keys.iter().filter_map(|key| key.strip_suffix("/spec.json"));
        runs.map(str::to_owned).collect()
    }

    /// The lines that a job has written, of all its datasets.
    #[track_caller]
    pub(crate) fn output(&self, suite: &str, job: &str) -> Vec<Value> {
        let keys = self.keys(&format!("job-output/{suite}/{job}"));
        keys.iter().filter(|key| key.ends_with("_output.jsonl")).flat_map(|key| self.lines(key)).collect()
    }
}

/// The one JSON document on standard output, where nothing else may be.
#[track_caller]
pub(crate) fn document(ended: &Ended) -> Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", ended.out, ended.err))
}

/// What a Python script prints as JSON, after `import boto3` and a `client(service)` for the emulator.
#[track_caller]
pub(crate) fn boto3(script: &str) -> Value {
    let environment = wait(Environment::prepare()).unwrap();
    let beginning = format!(
        "import boto3, json\ndef client(service): return boto3.client(service, endpoint_url='{}', region_name='{REGION}', \
         aws_access_key_id='test', aws_secret_access_key='test')\n",
        services().emulator.url()
    );
    let mut command = std::process::Command::new(environment.python());
    let ended = command.args(["-c", &(beginning + script)]).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    serde_json::from_slice(&ended.stdout).unwrap()
}

/// Values of a metric that CloudWatch has in a namespace: its sum and how many there are.
pub(crate) fn published(namespace: &str) -> BTreeMap<String, (f64, f64)> {
    wait(cloud_watch::sums(&settings(), namespace))
}

/// The SDK's settings for the emulator.
pub(crate) fn settings() -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(services().emulator.url())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}

mod cloud_watch {
    use aws_config::SdkConfig;
    use aws_sdk_cloudwatch::primitives::DateTime;
    use aws_sdk_cloudwatch::types::Statistic;
    use std::collections::BTreeMap;
    use std::time::{Duration, SystemTime};

    pub(super) async fn sums(config: &SdkConfig, namespace: &str) -> BTreeMap<String, (f64, f64)> {
        let client = aws_sdk_cloudwatch::Client::new(config);
        let listed = client.list_metrics().namespace(namespace).send().await.unwrap();
        let day = Duration::from_secs(86_400);
        let mut sums = BTreeMap::new();
        for metric in listed.metrics() {
            let name = metric.metric_name().unwrap();
            let found = client
                .get_metric_statistics()
                .namespace(namespace)
                .metric_name(name)
                .set_dimensions(Some(metric.dimensions().to_vec()))
                .start_time(DateTime::from(SystemTime::now() - day))
                .end_time(DateTime::from(SystemTime::now() + day))
                .period(86_400)
                .statistics(Statistic::Sum)
                .statistics(Statistic::SampleCount)
                .send()
                .await
                .unwrap();
            let entry: &mut (f64, f64) = sums.entry(name.to_owned()).or_default();
            for point in found.datapoints() {
                entry.0 += point.sum().unwrap_or_default();
                entry.1 += point.sample_count().unwrap_or_default();
            }
        }
        sums
    }
}
