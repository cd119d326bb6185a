//! Which alarms are a stack's.

use super::name::models_prefix;
use super::reconcile::Existing;
use super::{Dimension, Watched};

/// Whether the alarm is one of `stack`: of its suites or models by its name; or one on the stack itself, whose name
/// CloudFormation begins with the stack's and a hyphen. As another stack's name may begin alike, such an alarm has to tell
/// the stack's topic, or to watch a metric of `namespace` with the dimension `Stack` of this stack.
pub fn is_of_stack(alarm: &Existing, stack: &str, namespace: &str, topic: Option<&str>) -> bool {
    if alarm.name.starts_with(&format!("{stack}/")) || alarm.name.starts_with(&models_prefix(stack)) {
        return true;
    }
    let Some(known) = alarm.alarm.as_ref().filter(|_| alarm.name.starts_with(&format!("{stack}-"))) else {
        return false;
    };
    let own = Dimension::new("Stack", assay_core::publish::metrics::dimension_value(stack));
    let watches_it = match &known.watched {
        Watched::Metric(metric) => metric.namespace == namespace && metric.dimensions.contains(&own),
        Watched::Formula { .. } => false,
    };
    watches_it || topic.is_some_and(|topic| known.alarm_actions.iter().any(|action| action == topic))
}
