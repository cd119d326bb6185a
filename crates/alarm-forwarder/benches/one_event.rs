//! What one event costs: an alarm by way of topic and queue, until Slack has taken it.
//!
//! `cargo bench -p alarm-forwarder --bench one_event` calls the function as Lambda does, with one alarm at a time, each of
//! them new. Slack's stand-in is a process of its own, and so is the emulator that has the bucket and the secret; both are
//! reached over HTTP on this machine, so encryption is not among the costs. Printed are the CPU time of this process alone
//! (user and system) and the time that passed, of the whole and of its parts. Nothing is asserted; machines are noisy.

#![expect(clippy::print_stdout, reason = "a benchmark prints its numbers")]

use alarm_forwarder::alert::Alert;
use alarm_forwarder::posted::{Begun, Change, Ledger};
use alarm_forwarder::routes::{Destination, Routes};
use alarm_forwarder::secret::SecretName;
use alarm_forwarder::slack::{Call, Endpoint, Said, Slack};
use alarm_forwarder::{Forwarder, ForwarderSettings, handle, intake, render};
use assay_store::Place;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use local_stack::emulator::Emulator;
use local_stack::environment::Environment;
use local_stack::slack::SlackStandIn;
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::{Value, json};
use std::error::Error;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::time::Instant;

type Fallible<T> = Result<T, Box<dyn Error>>;

/// How many events are measured, after how many that are not.
const EVENTS: usize = 500;
const WARM_UP: usize = 100;
/// The most CPU time that an event may take.
const BAR: Duration = Duration::from_millis(5);
/// Tells a process of this program that it is the stand-in.
const STAND_IN: &str = "--slack-stand-in";
const BUCKET: &str = "one-event";
const WEBHOOK: &str = "https://hooks.slack.com/services/T000/B000/bench";

fn main() -> Fallible<()> {
    if std::env::args().any(|argument| argument == STAND_IN) {
        let stand_in = SlackStandIn::start(None)?;
        println!("{}", stand_in.url());
        // It ends with whoever started it.
        std::io::stdin().read_to_end(&mut Vec::new())?;
        return Ok(());
    }
    // Cargo passes this when it benches; as part of a test run it would only cost time.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    // One thread, as the function has.
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Fallible<()> {
    // The lines of the log are made, as in the cloud, and thrown away.
    tracing_subscriber::fmt().json().with_env_filter("warn,alarm_forwarder=info").with_writer(std::io::sink).init();
    let environment = Environment::prepare().await?;
    let emulator = Emulator::start(&environment, &Path::new(env!("CARGO_TARGET_TMPDIR")).join(BUCKET), None).await?;
    let config = config(&emulator.url()).await;
    reqwest::Client::builder().no_proxy().build()?.put(format!("{}/{BUCKET}", emulator.url())).send().await?;
    let secrets = aws_sdk_secretsmanager::Client::new(&config);
    secrets.create_secret().name(BUCKET).secret_string(WEBHOOK).send().await?;
    let (mut stand_in, url) = stand_in()?;
    let endpoint = Endpoint::read(&url)?;

    let settings = ForwarderSettings {
        bucket: BUCKET.to_owned(),
        secret: SecretName::read(BUCKET)?,
        endpoint: Some(endpoint.clone()),
    };
    let forwarder = Forwarder::new(&settings, &config)?;
    println!(
        "\n{EVENTS} events after {WARM_UP}, each one alarm by topic and queue to one webhook, milliseconds each\n"
    );
    println!("{:<44}{:>10}{:>10}{:>10}{:>10}", "", "CPU mean", "CPU p95", "wall p50", "wall p95");
    let mut whole = Measured::default();
    for number in 0..WARM_UP + EVENTS {
        let event = event(number);
        let begun = Moment::now()?;
        let answer = handle(event, &forwarder, Some(Instant::now() + Duration::from_secs(50)), "bench").await?;
        whole.add(number, &begun)?;
        if answer != json!({"batchItemFailures": []}) {
            return Err(format!("not posted: {answer}").into());
        }
    }
    whole.print("event to post, all of it");
    parts(&config, endpoint).await?;
    let verdict = if whole.cpu_mean() < BAR { "PASS" } else { "SHORT" };
    println!(
        "\n{verdict}: {:.2} ms of own CPU an event, the bar is {} ms",
        milliseconds(whole.cpu_mean()),
        BAR.as_millis()
    );
    stand_in.kill()?;
    stand_in.wait()?;
    Ok(())
}

/// The same, one step after the other.
async fn parts(config: &SdkConfig, endpoint: Endpoint) -> Fallible<()> {
    let ledger = Ledger::new(Place::s3(&format!("s3://{BUCKET}"), config)?);
    let (slack, routes) = (Slack::new(Some(endpoint)), Routes::read(WEBHOOK).map_err(|problems| problems.join("; "))?);
    let [mut parse, mut render, mut claim, mut post] = [(); 4].map(|()| Measured::default());
    // Other alarms than before: those are posted.
    for number in 0..WARM_UP + EVENTS {
        let event = event(number + WARM_UP + EVENTS);
        let begun = Moment::now()?;
        let mut records = black_box(intake::records(&event, "bench"));
        parse.add(number, &begun)?;
        let alert = records.remove(0).alerts.remove(0);

        let begun = Moment::now()?;
        let (rich, plain) = black_box((render::message(&alert), render::plain(&alert)));
        render.add(number, &begun)?;

        let [Destination::Webhook(webhook)] = routes.of(&alert)[..] else { return Err("no webhook".into()) };
        let begun = Moment::now()?;
        claimed(&ledger, &alert).await?;
        claim.add(number, &begun)?;

        let begun = Moment::now()?;
        let until = Instant::now() + Duration::from_secs(10);
        slack.ask(Call::Webhook(webhook), "bench", Said { rich: &rich, plain: &plain }, until).await?;
        post.add(number, &begun)?;
    }
    parse.print("  parse: event to alert");
    render.print("  render: with blocks and without");
    claim.print("  claim: five requests to the bucket");
    post.print("  post: one request to Slack");
    Ok(())
}

/// All that is asked of the bucket for an alarm that nobody has told: may I, what was last, that is the last, it is posted.
async fn claimed(ledger: &Ledger, alert: &Alert) -> Fallible<()> {
    let (identity, change) = (&alert.identity, Change::of(alert).ok_or("no change")?);
    let Begun::Ours(mark) = ledger.begin("bench", identity, Duration::from_secs(50), "bench").await else {
        return Err("somebody else has posted it".into());
    };
    black_box(ledger.last("bench", identity).await);
    ledger.record("bench", identity, &change).await.ok_or("nothing was written down")?;
    ledger.finish(mark, identity, "bench").await;
    Ok(())
}

/// One moment, by both clocks.
struct Moment {
    cpu: Duration,
    at: Instant,
}

impl Moment {
    fn now() -> Fallible<Self> {
        let usage = getrusage(UsageWho::RUSAGE_SELF)?;
        let micros = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
        let cpu = Duration::from_micros(u64::try_from(micros(usage.user_time()) + micros(usage.system_time()))?);
        Ok(Self { cpu, at: Instant::now() })
    }
}

/// What was measured of one part.
#[derive(Default)]
struct Measured {
    cpu: Vec<Duration>,
    wall: Vec<Duration>,
}

impl Measured {
    fn add(&mut self, number: usize, begun: &Moment) -> Fallible<()> {
        if number >= WARM_UP {
            let now = Moment::now()?;
            self.cpu.push(now.cpu - begun.cpu);
            self.wall.push(now.at - begun.at);
        }
        Ok(())
    }

    fn cpu_mean(&self) -> Duration {
        self.cpu.iter().sum::<Duration>() / u32::try_from(self.cpu.len().max(1)).unwrap_or(u32::MAX)
    }

    fn print(&self, name: &str) {
        let of = |values: &[Duration], share: usize| {
            let mut sorted = values.to_vec();
            sorted.sort();
            milliseconds(sorted[(sorted.len() * share / 100).min(sorted.len() - 1)])
        };
        println!(
            "{name:<44}{:>10.3}{:>10.3}{:>10.3}{:>10.3}",
            milliseconds(self.cpu_mean()),
            of(&self.cpu, 95),
            of(&self.wall, 50),
            of(&self.wall, 95)
        );
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// The first event of `events/sqs-alarms.json`, as of an alarm of its own.
fn event(number: usize) -> Value {
    let text =
        include_str!("../../../events/sqs-alarms.json").replace("eval-faithfulness-low", &format!("alarm-{number}"));
    let mut event: Value = serde_json::from_str(&text).unwrap_or_default();
    if let Some(records) = event["Records"].as_array_mut() {
        records.truncate(1);
    }
    event
}

/// Starts the stand-in; answers its address.
fn stand_in() -> Fallible<(Child, String)> {
    let program = std::env::current_exe()?;
    let mut child = Command::new(program).arg(STAND_IN).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut url = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut url)?;
    Ok((child, url.trim().to_owned()))
}

/// The SDK's settings with the emulator for everything.
async fn config(endpoint: &str) -> SdkConfig {
    let text = format!(
        "[default]\nregion = us-east-1\naws_access_key_id = bench\naws_secret_access_key = bench\nendpoint_url = {endpoint}\n"
    );
    let files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, text).build();
    aws_config::defaults(BehaviorVersion::latest()).profile_files(files).load().await
}
