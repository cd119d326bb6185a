//! Jobs that somebody else starts and removes, at the service itself.

use crate::world::World;
use assay_testing::services::http;
use serde_json::{Value, json};

impl World {
    /// Starts a job at the service as somebody else does, and gives back its ARN.
    pub(crate) async fn create(&self, body: &Value) -> String {
        let url = format!("{}/evaluation-jobs", self.stand_in.url());
        let answer = http().post(url).header("content-type", "application/json").body(body.to_string());
        let answer: Value = answer.send().await.unwrap().json().await.unwrap();
        answer["jobArn"].as_str().unwrap_or_else(|| panic!("no job: {answer}")).to_owned()
    }

    /// Removes a job that is over from the service.
    pub(crate) async fn delete(&self, arn: &str) {
        let url = format!("{}/evaluation-jobs/batch-delete", self.stand_in.url());
        let body = json!({"jobIdentifiers": [arn]}).to_string();
        let answer = http().post(url).header("content-type", "application/json").body(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
        assert!(self.stand_in.jobs().iter().all(|job| job.arn != arn));
    }
}
