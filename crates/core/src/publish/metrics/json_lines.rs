//! Metrics as JSON lines beside a run: what CloudWatch would have got.

use super::{Metric, MetricError, MetricSink};
use assay_store::{self as store, Place};
use async_trait::async_trait;
use object_store::path::Path;

/// Writes the metrics of one run to one object.
#[derive(Debug)]
pub struct JsonLines {
    place: Place,
    path: Path,
    replaces: bool,
}

impl JsonLines {
    /// To `path` in `place`. What is there already stays.
    pub fn new(place: Place, path: Path) -> Self {
        Self { place, path, replaces: false }
    }

    /// The same, but where the run was reopened (`replaces`) its metrics take the place of what is there.
    pub fn replacing(self, replaces: bool) -> Self {
        Self { replaces, ..self }
    }
}

#[async_trait]
impl MetricSink for JsonLines {
    async fn publish(&self, metrics: &[Metric]) -> Result<(), MetricError> {
        let lines = metrics.iter().filter_map(|metric| serde_json::to_string(metric).ok());
        let body: String = lines.map(|line| line + "\n").collect();
        if self.replaces {
            store::overwrite(&*self.place.store, &self.path, body).await?;
        } else {
            store::create(&*self.place.store, &self.path, body).await?;
        }
        Ok(())
    }
}
