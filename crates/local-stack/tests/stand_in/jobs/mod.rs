//! Evaluation jobs over real HTTP, with the emulator's S3 where they read and write.

mod boto;
mod datasets;
mod human;
mod inspection;
mod lifecycle;
mod listing;
mod output;
mod refusals;
mod requests;
mod shapes;
mod variants;

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures::TryStreamExt as _;
use local_stack::emulator::{Emulator, REGION};
use local_stack::environment::Environment;
use local_stack::stand_in::{Behaviour, JobBehaviour, ServiceModel, StandInOptions};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as Key;
use object_store::{ObjectStore as _, ObjectStoreExt as _};
use reqwest::Response;
use serde_json::{Value, json};

use super::{Served, start};

struct Tools {
    environment: Environment,
    emulator: Emulator,
    control_model: Arc<ServiceModel>,
}

/// Started once, by whichever test asks first. It is never dropped: the emulator ends with this process.
fn tools() -> &'static Tools {
    static STARTED: OnceLock<Tools> = OnceLock::new();
    let start = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let environment = Environment::prepare().await.unwrap();
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stand-in-jobs");
            let emulator = Emulator::start(&environment, &folder, None).await.unwrap();
            let control_model = Arc::new(ServiceModel::load(&environment.bedrock_model().unwrap()).unwrap());
            Tools { environment, emulator, control_model }
        })
    };
    // On a thread of its own, because the first test is inside a runtime that ends before the others.
    STARTED.get_or_init(|| std::thread::spawn(start).join().unwrap())
}

/// A stand-in with a bucket of its own.
struct World {
    served: Served,
    bucket: String,
    store: AmazonS3,
}

impl World {
    async fn start(name: &str, jobs: JobBehaviour) -> Self {
        Self::with(name, StandInOptions { behaviour: Behaviour { jobs, ..Behaviour::default() }, ..Default::default() })
            .await
    }

    async fn with(name: &str, options: StandInOptions) -> Self {
        let tools = tools();
        let control_model = Some(Arc::clone(&tools.control_model));
        let served = start(StandInOptions { control_model, ..options });
        let (bucket, url) = (format!("jobs-{name}"), tools.emulator.url());
        served.set_object_storage(&url);
        let made = served.http.put(format!("{url}/{bucket}")).send().await.unwrap();
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
        Self { served, bucket, store }
    }

    fn set(&self, jobs: JobBehaviour) {
        self.served.set_behaviour(Behaviour { jobs, ..Behaviour::default() });
    }

    async fn put(&self, key: &str, content: impl Into<String>) {
        self.store.put(&Key::parse(key).unwrap(), content.into().into()).await.unwrap();
    }

    async fn read(&self, key: &str) -> String {
        let bytes = self.store.get(&Key::parse(key).unwrap()).await.unwrap().bytes().await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    async fn keys(&self, prefix: &str) -> Vec<String> {
        let prefix = Key::parse(prefix).unwrap();
        let listed: Vec<_> = self.store.list(Some(&prefix)).try_collect().await.unwrap();
        let mut keys: Vec<String> = listed.into_iter().map(|object| object.location.to_string()).collect();
        keys.sort();
        keys
    }

    /// The one output file of a finished job: its key, and its lines as JSON.
    async fn output(&self, job: &str) -> (String, Vec<Value>) {
        let keys = self.keys(&format!("out/{job}")).await;
        let [key] = &keys.into_iter().filter(|key| key.ends_with("_output.jsonl")).collect::<Vec<_>>()[..] else {
            panic!("not one output of {job}")
        };
        let text = self.read(key).await;
        (key.clone(), text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    async fn create(&self, body: &Value) -> String {
        let response = self.served.post("/evaluation-jobs", body).await;
        let status = response.status();
        let answer: Value = response.json().await.unwrap();
        assert_eq!(status, 202, "{answer}");
        assert_fits("CreateEvaluationJob", &answer);
        answer["jobArn"].as_str().unwrap().to_owned()
    }

    async fn fetch(&self, path: &str) -> Response {
        self.served.http.get(format!("{}{path}", self.served.url())).send().await.unwrap()
    }

    async fn get(&self, arn: &str) -> Value {
        let response = self.fetch(&format!("/evaluation-jobs/{}", encoded(arn))).await;
        assert_eq!(response.status(), 200);
        let answer: Value = response.json().await.unwrap();
        assert_fits("GetEvaluationJob", &answer);
        answer
    }

    async fn stop(&self, arn: &str) -> Response {
        self.served.post(&format!("/evaluation-job/{}/stop", encoded(arn)), &json!({})).await
    }

    /// The job once it has this status.
    async fn until(&self, arn: &str, status: &str) -> Value {
        let limit = Instant::now() + super::HANGS;
        loop {
            let job = self.get(arn).await;
            if job["status"] == status {
                return job;
            }
            assert!(Instant::now() < limit, "the job is not {status}: {job}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Creates a job and waits until it has completed.
    async fn complete(&self, body: &Value) -> String {
        let arn = self.create(body).await;
        self.until(&arn, "Completed").await;
        arn
    }
}

fn encoded(arn: &str) -> String {
    arn.replace(':', "%3A").replace('/', "%2F")
}

/// The last part of an ARN.
fn id(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap()
}

/// Answers keep to the service's model, but for the task type of judge jobs, which the model lacks.
fn assert_fits(operation: &str, answer: &Value) {
    let mut violations = tools().control_model.check_output(operation, answer);
    violations.retain(|violation| !(violation.path.contains("askType") && answer.to_string().contains("\"General\"")));
    assert_eq!(violations, [], "{answer}");
}
