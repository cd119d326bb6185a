//! `assay monitor alarms`: the alarms of models and suites, printed, compared or put.

use super::changes;
use super::service::{limits, service};
use super::suites::{self, Target};
use crate::arguments::{Format, MonitorAlarms};
use crate::error::Result;
use crate::exit::{Exit, UsageError};
use crate::output;
use assay_monitor::alarm::{Alarm, Existing, SuiteAlarms, models_prefix, operational, reconcile, suite_prefix};
use assay_monitor::cloudwatch::CloudWatch;

/// Prints, compares or puts alarms; without models and suites, lists those that are there.
pub(super) async fn alarms(arguments: MonitorAlarms) -> Result<Exit> {
    if arguments.topic.as_ref().is_some_and(|topic| !topic.starts_with("arn:")) {
        return Err(UsageError("--topic is no ARN; give the stack's output NoticeTopicArn".to_owned()).into());
    }
    if arguments.models.is_empty() && arguments.suites.is_empty() {
        if arguments.diff || arguments.apply {
            let message =
                "--diff and --apply need --model or --suite; without both, the alarms that are there are listed";
            return Err(UsageError(message.to_owned()).into());
        }
        return list(&arguments).await;
    }
    let wanted = wanted(&arguments).await?;
    let problems: Vec<String> = wanted.iter().flat_map(Alarm::problems).collect();
    if !problems.is_empty() {
        return Err(UsageError(problems.join("\n")).into());
    }
    if !(arguments.diff || arguments.apply) {
        print(&wanted, arguments.format)?;
        return Ok(Exit::Done);
    }
    compare(&arguments, wanted).await
}

/// The alarms that should be.
async fn wanted(arguments: &MonitorAlarms) -> Result<Vec<Alarm>> {
    let limits = limits(&arguments.limits)?;
    let actions: Vec<String> = arguments.topic.iter().cloned().collect();
    let (stack, namespace) = (&arguments.stack, &arguments.namespace);
    let of_model = |model: &String| operational(stack, namespace, model, &limits, &actions);
    let mut wanted: Vec<Alarm> = arguments.models.iter().flat_map(of_model).collect();
    let target = Target { stack, namespace, actions: &actions };
    let suites = suites::read(&arguments.suites, arguments.place.as_deref(), &arguments.thresholds, &target).await?;
    wanted.extend(suites.into_iter().flat_map(|suite| suite.thresholds.alarms));
    Ok(wanted)
}

async fn compare(arguments: &MonitorAlarms, mut wanted: Vec<Alarm>) -> Result<Exit> {
    let cloudwatch = service().await?;
    let existing = existing(&cloudwatch, arguments, &wanted).await?;
    if arguments.topic.is_none() {
        keep_topics(&mut wanted, &existing);
    }
    let of_suite = |suite: &String| SuiteAlarms::of(&arguments.stack, &arguments.namespace, suite);
    let ours: Vec<SuiteAlarms> = arguments.suites.iter().map(of_suite).collect();
    let changes = reconcile(&wanted, &existing, &ours);
    if arguments.apply {
        let telling_nobody = wanted.iter().filter(|alarm| alarm.alarm_actions.is_empty()).count();
        if telling_nobody > 0 {
            output::note(format!(
                "warning: {telling_nobody} alarms tell nobody; give --topic, the stack's output NoticeTopicArn"
            ));
        }
        cloudwatch.apply(&changes).await?;
    }
    changes::print(&changes, arguments.apply, arguments.format)?;
    Ok(Exit::Done)
}

/// What is there: the alarms of the same names, and all of the suites.
async fn existing(cloudwatch: &CloudWatch, arguments: &MonitorAlarms, wanted: &[Alarm]) -> Result<Vec<Existing>> {
    let beginning = models_prefix(&arguments.stack);
    let of_models = wanted.iter().map(|alarm| alarm.alarm_name.clone()).filter(|name| name.starts_with(&beginning));
    let mut existing = cloudwatch.alarms_named(&of_models.collect::<Vec<_>>()).await?;
    for suite in &arguments.suites {
        existing.extend(cloudwatch.alarms_that_begin_with(&suite_prefix(&arguments.stack, suite)).await?);
    }
    Ok(existing)
}

/// Alarms that are there go on telling whom they tell.
fn keep_topics(wanted: &mut [Alarm], existing: &[Existing]) {
    for alarm in wanted {
        let before = existing.iter().find(|existing| existing.name == alarm.alarm_name);
        if let Some(before) = before.and_then(|existing| existing.alarm.as_ref()) {
            alarm.alarm_actions.clone_from(&before.alarm_actions);
        }
    }
}

fn print(alarms: &[Alarm], format: Format) -> Result<()> {
    if format == Format::Json {
        return output::json(alarms);
    }
    for alarm in alarms {
        output::line(&alarm.alarm_name)?;
        output::line(format!("  {}", alarm.alarm_description))?;
    }
    if alarms.is_empty() {
        output::note("no alarms");
    }
    Ok(())
}

/// Lists the alarms of the stack's suites and models, with their state.
async fn list(arguments: &MonitorAlarms) -> Result<Exit> {
    let cloudwatch = service().await?;
    let mut found = cloudwatch.alarms_that_begin_with(&format!("{}/", arguments.stack)).await?;
    found.extend(cloudwatch.alarms_that_begin_with(&models_prefix(&arguments.stack)).await?);
    changes::list(&found, arguments.format)?;
    Ok(Exit::Done)
}
