//! What people rate, and who they are.

use crate::spec::findings::Findings;
use crate::spec::job::arn::Arn;
use crate::spec::job::{JobKind, JobSpec};
use std::collections::BTreeSet;

pub(super) fn check(job: &JobSpec, found: &mut Findings<'_>) {
    if job.kind != JobKind::Human {
        return;
    }
    if job.flow_definition.as_deref().is_some_and(|arn| !is_flow_definition(arn)) {
        let remedy = "give `arn:aws:sagemaker:<region>:<account>:flow-definition/<name>`";
        found.wrong("flow_definition", "not the ARN of a flow definition", remedy);
    }
    let mut names = BTreeSet::new();
    for (index, rating) in job.ratings.iter().enumerate() {
        if !names.insert(&rating.name) {
            let message = format!("two ratings are called `{}`", rating.name);
            found.wrong(&format!("ratings/{index}/name"), message, "rename one");
        }
        if rating.description.as_deref().is_some_and(|text| text.contains('\n')) {
            let remedy = "write it on one line";
            found.wrong(&format!("ratings/{index}/description"), "a description has no line breaks", remedy);
        }
    }
}

/// `arn:aws(-[^:]+)?:sagemaker:[a-z0-9-]{1,20}:[0-9]{12}:flow-definition/.*`
fn is_flow_definition(text: &str) -> bool {
    let named = |arn: &Arn<'_>| arn.resource.strip_prefix("flow-definition/").is_some_and(|name| !name.contains('\n'));
    Arn::parse(text).is_some_and(|arn| arn.service == "sagemaker" && !arn.account.is_empty() && named(&arn))
}
