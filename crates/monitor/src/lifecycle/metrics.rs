//! The life of models as metrics. Pure.

use super::{LifeState, ModelLife};
use assay_core::publish::metrics::{Metric, MetricName};
use jiff::Timestamp;

/// The metrics of these models at the time `at`; the dimension `ModelId` is the model as it is configured. Of a model that
/// could not be looked at there is none: missing is not zero. Of one without an announced end there is no
/// `DaysToEndOfLife`; of one without a life that the service announces, none at all.
pub fn metrics(lives: &[ModelLife], at: Timestamp) -> Vec<Metric> {
    let mut metrics = Vec::new();
    for life in lives {
        let mut add = |name: MetricName, value: f64| {
            let dimensions = name.dimensions().iter().map(|dimension| (*dimension, life.model.clone())).collect();
            metrics.push(Metric { name, unit: name.unit(), dimensions, at, values: vec![(value, 1.0)] });
        };
        match life.state {
            LifeState::Active | LifeState::Legacy | LifeState::Unclear { .. } => {
                add(MetricName::ModelMissing, 0.0);
                if !matches!(life.state, LifeState::Unclear { .. }) {
                    add(MetricName::ModelLegacy, f64::from(u8::from(life.state == LifeState::Legacy)));
                }
            }
            LifeState::Missing { .. } => add(MetricName::ModelMissing, 1.0),
            LifeState::WithoutLife { .. } | LifeState::Denied { .. } | LifeState::Unavailable { .. } => {}
        }
        if let Some(days) = life.days_left {
            add(MetricName::DaysToEndOfLife, days);
        }
    }
    metrics
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_what_is_known_becomes_a_number() {
        let now: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
        let end = Some("2026-12-04T12:00:00Z".parse().unwrap());
        let said = String::new;
        let lives = [
            ModelLife::new("active", LifeState::Active),
            ModelLife::new("legacy", LifeState::Legacy).ending(end, now),
            ModelLife::new("gone", LifeState::Missing { said: said() }),
            ModelLife::new("odd", LifeState::Unclear { said: said() }),
            ModelLife::new("own", LifeState::WithoutLife { what: said() }),
            ModelLife::new("shut", LifeState::Denied { said: said() }),
            ModelLife::new("down", LifeState::Unavailable { said: said() }),
        ];
        let found = metrics(&lives, now);
        let told: Vec<(&str, &str, f64)> = found
            .iter()
            .map(|metric| (metric.dimensions[0].1.as_str(), metric.name.name(), metric.values[0].0))
            .collect();
        let expected = [
            ("active", "ModelMissing", 0.0),
            ("active", "ModelLegacy", 0.0),
            ("legacy", "ModelMissing", 0.0),
            ("legacy", "ModelLegacy", 1.0),
            ("legacy", "DaysToEndOfLife", 10.5),
            ("gone", "ModelMissing", 1.0),
            ("odd", "ModelMissing", 0.0),
        ];
        assert_eq!(told, expected);
        assert!(found.iter().all(|metric| metric.dimensions.len() == 1 && metric.dimensions[0].0 == "ModelId"));
    }
}
