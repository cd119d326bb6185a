//! `assay monitor dashboard`: the dashboard of models or of suites, printed, compared or put.

use super::service::{limits, region, service};
use super::suites::{self, Target};
use crate::arguments::{Format, MonitorDashboard};
use crate::error::Result;
use crate::exit::{Exit, UsageError};
use crate::output;
use assay_monitor::dashboard::{Operational, Scores, SuiteScores, operational, scores};
use assay_monitor::threshold::Subject;
use serde_json::{Value, json};

/// Prints, compares or puts a dashboard.
pub(super) async fn dashboard(arguments: MonitorDashboard) -> Result<Exit> {
    if arguments.models.is_empty() && arguments.suites.is_empty() {
        let message = "name what the dashboard shows: --model, or --suite with --in";
        return Err(UsageError(message.to_owned()).into());
    }
    let name = name(&arguments)?;
    let body = body(&arguments).await?;
    if arguments.apply {
        for said in service().await?.put_dashboard(&name, &body).await? {
            output::note(format!("warning: {said}"));
        }
        output::note(format!("put the dashboard {name}"));
    } else if arguments.diff {
        let before = service().await?.dashboard(&name).await?;
        tell(&name, before.as_ref(), &body, arguments.format)?;
    } else {
        output::json(&body)?;
    }
    Ok(Exit::Done)
}

/// A dashboard's name has up to 255 letters, digits, `-` and `_`.
fn name(arguments: &MonitorDashboard) -> Result<String> {
    let kind = if arguments.suites.is_empty() { "models" } else { "scores" };
    let name = arguments.name.clone().unwrap_or_else(|| format!("{}-{kind}", arguments.stack));
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if !is_plain || !(1..=255).contains(&name.len()) {
        let message = format!("`{name}` cannot name a dashboard; use up to 255 letters, digits, `-` and `_`");
        return Err(UsageError(message).into());
    }
    Ok(name)
}

async fn body(arguments: &MonitorDashboard) -> Result<Value> {
    let region = region().await?;
    let (stack, namespace) = (arguments.stack.as_str(), arguments.namespace.as_str());
    if arguments.suites.is_empty() {
        let beginning = arguments
            .account
            .as_ref()
            .map(|account| format!("arn:{}:cloudwatch:{region}:{account}:alarm:", partition(&region)));
        return Ok(operational(&Operational {
            stack,
            region: &region,
            namespace,
            models: &arguments.models,
            limits: &limits(&arguments.limits)?,
            alarm_arns: beginning.as_deref(),
            functions: &[],
            queues: &[],
            alarms: &[],
        }));
    }
    let target = Target { stack, namespace, actions: &[] };
    let read = suites::read(&arguments.suites, arguments.place.as_deref(), &arguments.thresholds, &target).await?;
    let suites = read.iter().map(|suite| {
        let (application, name) = (suite.application.as_str(), suite.name.as_str());
        let subject = Subject { stack, namespace, application, suite: name, actions: &[] };
        SuiteScores::of(&subject, &suite.history, suite.baseline.as_deref(), &suite.thresholds)
    });
    let suites: Vec<SuiteScores> = suites.collect();
    let (body, left_out) = scores(&Scores { stack, region: &region, namespace, suites: &suites });
    if left_out > 0 {
        output::note(format!(
            "warning: {left_out} graphs have no room in one dashboard; make one for fewer suites with --name"
        ));
    }
    Ok(body)
}

/// The part of AWS that a Region is in ("Partitions" in the AWS guide on fault isolation).
fn partition(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "aws-cn",
        Some("us") if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// Tells what is different, widget by widget: they are known by their titles.
fn tell(name: &str, before: Option<&Value>, after: &Value, format: Format) -> Result<()> {
    if format == Format::Json {
        let told = json!({ "name": name, "before": before, "after": after, "is_same": before == Some(after) });
        return output::json(&told);
    }
    let Some(before) = before else {
        return Ok(output::line(format!("+ {name}: there is no dashboard of this name"))?);
    };
    if before == after {
        output::note(format!("{name} is as it should be"));
        return Ok(());
    }
    let (was, shall) = (widgets(before), widgets(after));
    let titles = was.iter().map(|(title, _)| title).filter(|title| shall.iter().all(|(other, _)| other != *title));
    for title in titles {
        output::line(format!("- {title}"))?;
    }
    for (title, widget) in &shall {
        match was.iter().find(|(other, _)| other == title) {
            None => output::line(format!("+ {title}"))?,
            Some((_, before)) if before != widget => output::line(format!("~ {title}"))?,
            Some(_) => {}
        }
    }
    Ok(())
}

fn widgets(body: &Value) -> Vec<(String, &Value)> {
    let widgets = body["widgets"].as_array().map(Vec::as_slice).unwrap_or_default();
    let title = |widget: &Value| {
        let properties = &widget["properties"];
        properties["title"]
            .as_str()
            .or(properties["markdown"].as_str())
            .unwrap_or("a widget without a title")
            .to_owned()
    };
    widgets.iter().map(|widget| (title(widget), widget)).collect()
}
