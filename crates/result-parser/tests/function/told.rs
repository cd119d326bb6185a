//! What the world was told: notices and metrics.

use crate::world::World;
use assay_testing::run::Run;
pub(crate) use assay_testing::world::reading;

impl World {
    /// The kinds of the notices that came, in order.
    pub(crate) async fn kinds(&self) -> Vec<String> {
        let notices = self.notices().await;
        notices.iter().map(|notice| notice["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// Asserts that the suite has one run, which was told once, and nothing else was told.
    pub(crate) async fn assert_told_once(&self, suite: &str) -> Run {
        assert_eq!(self.kinds().await, ["run_finished"]);
        self.assert_concluded_once(suite).await
    }

    /// Asserts that the suite has one run, whose metrics were published once.
    pub(crate) async fn assert_concluded_once(&self, suite: &str) -> Run {
        let run = self.only_run(suite).await;
        assert_eq!(run.stage(), "done");
        let metrics = self.metrics().await;
        assert_eq!(reading(&metrics, "RunCompleted", suite).count, 1.0);
        for ((name, subject), found) in metrics.iter().filter(|((name, _), _)| name.starts_with("Samples")) {
            assert_eq!(found.count, 1.0, "{name} of {subject}");
        }
        let answered = run.records().len() as f64;
        for ((name, subject), found) in metrics.iter().filter(|((name, _), _)| name == "JobScore") {
            assert!(found.count <= answered, "{name} of {subject}: {} of {answered} answers", found.count);
        }
        assert!(self.notes().await.values().all(|note| note["settled"] == true), "{:?}", self.notes().await);
        run
    }
}
