//! What to try with a stack that is up: a few commands to paste into another terminal.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use local_stack::places;
use local_stack::stack::LocalStack;
use local_stack::stack::deployment::STACK_NAME;
use local_stack::stack::slack::SECRET_NAME;

const SUITE: &str = "support-faq";

/// The variables that another terminal needs.
const NEEDED: [&str; 5] =
    ["AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/// The text that greets the user, of a stack with this model among others: for the AWS command line where it is installed, else for the environment's Python.
pub(crate) fn text(stack: &LocalStack, model: &str) -> anyhow::Result<String> {
    let exports: Vec<String> =
        NEEDED.iter().filter_map(|name| Some(format!("{name}={}", stack.variables().get(*name)?))).collect();
    let [drop, list, read, alarm] = if is_installed("aws") { aws(stack, model)? } else { python(stack, model)? };
    Ok(format!(
        "The stack is up. In another terminal:\n\n\
         export {}\n\n\
         # 1. Drop a dataset, its suite's spec first:\n{drop}\n\n\
         # 2. A moment later, see what landed:\n{list}\n\n\
         # 3. Read a metric:\n{read}\n\n\
         # 4. Set off an alarm, and see what Slack is told of it and of the run:\n{alarm}\ncurl -s {slack}/control/messages\n\n\
         # Evaluation jobs: drop {} in the same way\n\
         # Probes: put the same files below probes/{SUITE}/, and invoke {} with {{\"assay\": \"probes\"}}\n\n\
         {}\n\n\
         Ctrl-C ends it all.",
        exports.join(" "),
        quoted(&places::workspace().join("examples/managed-jobs").display().to_string()),
        stack.output("ProbeRunnerName")?,
        names(stack)?,
        slack = stack.slack()?.url(),
    ))
}

/// What everything is called.
fn names(stack: &LocalStack) -> anyhow::Result<String> {
    let bedrock = stack.stand_in().url();
    let (queue, dead_letters) = (stack.output("NoticesToForwardUrl")?, stack.output("UnforwardedNoticesUrl")?);
    let names = [
        ("bucket", stack.bucket()?.to_owned()),
        ("notices", stack.notice_topic_arn()?.to_owned()),
        ("logs", stack.emulator().log().display().to_string()),
        ("Bedrock", format!("{bedrock} (stand-in; evaluation jobs: AWS_ENDPOINT_URL_BEDROCK={bedrock})")),
        ("Slack", format!("{} (stand-in; docs/slack.md tells how to have it fail)", stack.slack()?.url())),
        ("secret", format!("{SECRET_NAME} (where Slack is; read every five minutes)")),
        ("forwarder", stack.output("AlarmForwarderName")?.to_owned()),
        ("log group", stack.output("AlarmForwarderLogGroupName")?.to_owned()),
        ("to Slack", format!("{queue} (some versions of aws find queues with --endpoint-url {} alone)", stack.url())),
        ("not taken", dead_letters.to_owned()),
    ];
    let lines = names.map(|(name, value)| format!("{name:<11}{value}"));
    Ok(lines.join("\n"))
}

fn aws(stack: &LocalStack, model: &str) -> anyhow::Result<[String; 4]> {
    let (bucket, (start, end)) = (stack.bucket()?, hours_around_now());
    let files = ["assay.yaml", "cases.jsonl"]
        .map(|name| format!("aws s3 cp {} s3://{bucket}/datasets/{SUITE}/", quoted(&example(name))));
    Ok([
        files.join(" && "),
        format!("aws s3 ls --recursive s3://{bucket}/runs/"),
        format!(
            "aws cloudwatch get-metric-statistics --namespace Custom/Bedrock --metric-name RunCompleted --dimensions \
             Name=Application,Value={} Name=Suite,Value={SUITE} --start-time {start} --end-time {end} --period 3600 \
             --statistics Sum",
            application()
        ),
        format!(
            "aws cloudwatch set-alarm-state --alarm-name {} --state-value ALARM --state-reason 'to see it in Slack'",
            quoted(&latency_alarm(model))
        ),
    ])
}

fn python(stack: &LocalStack, model: &str) -> anyhow::Result<[String; 4]> {
    let (bucket, (start, end)) = (stack.bucket()?, hours_around_now());
    let python = quoted(&stack.environment().python().display().to_string());
    let command = |script: String| format!("{python} -c \"import boto3; {script}\"");
    let files = ["assay.yaml", "cases.jsonl"]
        .map(|name| format!("s3.upload_file('{}', '{bucket}', 'datasets/{SUITE}/{name}')", example(name)));
    Ok([
        command(format!("s3 = boto3.client('s3'); {}", files.join("; "))),
        command(format!(
            "print(*(o.key for o in boto3.resource('s3').Bucket('{bucket}').objects.filter(Prefix='runs/')), sep='\\n')"
        )),
        command(format!(
            "print(boto3.client('cloudwatch').get_metric_statistics(Namespace='Custom/Bedrock', \
             MetricName='RunCompleted', Dimensions=[dict(Name='Application', Value='{}'), dict(Name='Suite', \
             Value='{SUITE}')], StartTime={start}, EndTime={end}, Period=3600, Statistics=['Sum'])['Datapoints'])",
            application()
        )),
        command(format!(
            "boto3.client('cloudwatch').set_alarm_state(AlarmName='{}', StateValue='ALARM', StateReason='to see it in Slack')",
            latency_alarm(model)
        )),
    ])
}

/// The name of the alarm that a model's answers take long.
fn latency_alarm(model: &str) -> String {
    format!("{STACK_NAME}-models/{model}/latency")
}

/// The application that the example's spec names; the template's default otherwise.
fn application() -> String {
    let spec = std::fs::read_to_string(example("assay.yaml")).unwrap_or_default();
    let value = spec.lines().find_map(|line| line.strip_prefix("application:"));
    let value = value.map(|value| value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']));
    value.filter(|value| !value.is_empty()).unwrap_or("Assay").to_owned()
}

fn example(name: &str) -> String {
    places::workspace().join("examples").join(SUITE).join(name).display().to_string()
}

/// From an hour ago to an hour from now, in seconds since 1970.
fn hours_around_now() -> (u64, u64) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    (now.saturating_sub(3600), now + 3600)
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
}

/// A word that the shell takes as it is.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}
