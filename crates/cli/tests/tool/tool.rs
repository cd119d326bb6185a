//! The program, with a folder to work in and the environment it sees.

use local_stack::stand_in::{Behaviour, Fault, FaultRule, StandIn, StandInOptions};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// A model that the stand-in knows unless it is told otherwise.
pub(crate) const MODEL: &str = "us.amazon.nova-lite-v1:0";
/// Another one.
pub(crate) const OTHER: &str = "us.amazon.nova-pro-v1:0";

/// Longer than anything takes here, even on a slow machine: a process that runs for longer hangs.
const HANGS: Duration = Duration::from_secs(600);

/// The program in a folder of its own.
pub(crate) struct Tool {
    folder: TempDir,
    environment: Vec<(String, String)>,
    started: AtomicU32,
}

/// The program while it runs. It is killed when it is dropped.
pub(crate) struct Running {
    child: Child,
    said: PathBuf,
    asked: String,
}

/// What came of the program.
pub(crate) struct Ended {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    asked: String,
}

impl Tool {
    /// Without any variable of AWS.
    pub(crate) fn alone() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new(), started: AtomicU32::new(0) }
    }

    /// With a Region, credentials and the stand-in in place of Bedrock.
    pub(crate) fn beside(stand_in: &StandIn) -> Self {
        Self::alone()
            .with("AWS_REGION", "us-east-1")
            .with("AWS_ACCESS_KEY_ID", "test")
            .with("AWS_SECRET_ACCESS_KEY", "test")
            .with("AWS_EC2_METADATA_DISABLED", "true")
            .with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", &stand_in.url())
    }

    /// With one variable more.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A file or folder in its folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Starts the program.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let said = self.path(&format!(".said-{number}"));
        // Files take whatever is said without being read meanwhile.
        let open = |end: &str| Stdio::from(File::create(said.with_extension(end)).unwrap());
        let mut command = self.command(env!("CARGO_BIN_EXE_assay"));
        let child = command.args(arguments).stdout(open("out")).stderr(open("err")).spawn().unwrap();
        Running { child, said, asked: arguments.join(" ") }
    }

    /// Prepares a program to run in the same folder and environment.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path("home"))
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.start(arguments).wait()
    }

    /// A file that holds JSON.
    pub(crate) fn json(&self, name: &str) -> Value {
        let path = self.path(name);
        let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_slice(&text).unwrap()
    }

    /// All whole records of the run in the folder `run`; pieces and a last line that was cut short are left out.
    pub(crate) fn records(&self, run: &str) -> Vec<Value> {
        self.lines(run).into_iter().filter(|line| line["piece"].is_null()).collect()
    }

    /// Returns the pieces of the run in the folder `run`: responses that were written one by one.
    pub(crate) fn pieces(&self, run: &str) -> Vec<Value> {
        self.lines(run).into_iter().filter(|line| !line["piece"].is_null()).collect()
    }

    fn lines(&self, run: &str) -> Vec<Value> {
        let mut parts: Vec<PathBuf> = match fs::read_dir(self.path(run).join("records")) {
            Ok(parts) => parts.map(|part| part.unwrap().path()).collect(),
            Err(_) => Vec::new(),
        };
        parts.sort();
        let mut records = Vec::new();
        for part in parts {
            let body = fs::read(part).unwrap();
            let lines = body.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
            records.extend(lines.map(|line| serde_json::from_slice::<Value>(line).unwrap()));
        }
        records
    }
}

impl Running {
    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as the system does when memory runs out.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends it a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until standard error contains a text.
    #[track_caller]
    pub(crate) fn until_says(&self, text: &str) {
        let said = || fs::read_to_string(self.said.with_extension("err")).unwrap_or_default();
        until(&format!("`assay {}` says `{text}`", self.asked), || said().contains(text));
    }

    /// Sends a signal while calls are held, releases them once the process reports that it stops, and waits for its end.
    #[track_caller]
    pub(crate) fn interrupt(self, signal: &str, stand_in: &StandIn) -> Ended {
        self.signal(signal);
        self.until_says("stopping: ");
        // It reports this just before it stops. With this latency it cannot reach the end of the dataset until then.
        stand_in.set_behaviour(Behaviour { latency_ms: Some(200), ..Behaviour::default() });
        let ended = self.wait();
        stand_in.set_behaviour(Behaviour::default());
        ended
    }

    /// Whether it has not ended.
    pub(crate) fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> Ended {
        until(&format!("`assay {}` ended", self.asked), || self.child.try_wait().unwrap().is_some());
        let read = |end: &str| String::from_utf8(fs::read(self.said.with_extension(end)).unwrap()).unwrap();
        let code = self.child.wait().unwrap().code();
        Ended { code, out: read("out"), err: read("err"), asked: self.asked.clone() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.is_alive() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

impl Ended {
    /// Holds it to an exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "assay {}\n{}\n{}", self.asked, self.out, self.err);
        self
    }

    /// Holds standard error to a text.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.err.contains(text), "`{text}` is missing in what `assay {}` said:\n{}", self.asked, self.err);
        self
    }

    /// Holds standard output to a text.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Self {
        assert!(self.out.contains(text), "`{text}` is missing in what `assay {}` printed:\n{}", self.asked, self.out);
        self
    }
}

/// Waits until something holds.
#[track_caller]
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < HANGS, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits for the next second of the clock: run ids have a resolution of one second.
pub(crate) fn next_second() {
    let second = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let begun = second();
    until("another second", || second() != begun);
}

/// Answers so many calls, and holds all others until another behaviour is set.
pub(crate) fn answering(calls: u64) -> Behaviour {
    Behaviour::default().with(FaultRule::always(Fault::Hold).after(calls))
}

/// Waits until so many calls have arrived and only the last `held` of them have no answer.
#[track_caller]
pub(crate) fn until_held(stand_in: &StandIn, calls: u64, held: u32) {
    until(&format!("{held} of {calls} calls are held"), || {
        let totals = stand_in.totals();
        (totals.calls, totals.in_flight) == (calls, held)
    });
}

/// Waits until the stand-in has noticed that no caller waits for an answer, then lets it answer every call.
#[track_caller]
pub(crate) fn release(stand_in: &StandIn) {
    until("nobody waits for an answer", || stand_in.totals().in_flight == 0);
    stand_in.set_behaviour(Behaviour::default());
}

/// A stand-in that answers at once and behaves in this way.
pub(crate) fn stand_in(behaviour: Behaviour) -> StandIn {
    StandIn::start(StandInOptions { behaviour, ..StandInOptions::default() }).unwrap()
}

/// The question on line `number` of [`questions`].
pub(crate) fn question(number: usize) -> String {
    format!("What is known about the parcel with the number {number}?")
}

/// A dataset of so many questions. What is wanted shares words with every question, and so with the stand-in's answer.
pub(crate) fn questions(count: usize) -> String {
    let line = |number: usize| {
        let reference = format!("The parcel {number} is known to be late");
        json!({"id": format!("case-{number}"), "prompt": question(number), "referenceResponse": reference}).to_string()
    };
    (1..=count).map(|number| line(number) + "\n").collect()
}

/// A spec that asks these models.
pub(crate) fn spec(models: &[&str]) -> String {
    let models: Vec<Value> = models.iter().map(|id| json!({"id": id})).collect();
    json!({"suite": "parcels", "dataset": "cases.jsonl", "models": models, "scorers": ["relevance", "response_length"]})
        .to_string()
}

/// Writes the suite `suite/` of [`questions`] and [`spec`].
pub(crate) fn write_suite(tool: &Tool, count: usize, models: &[&str]) {
    tool.write("suite/cases.jsonl", questions(count));
    tool.write("suite/assay.yaml", spec(models));
}

/// The workspace's root.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

/// The part of a summary that belongs to one model.
#[track_caller]
pub(crate) fn of_model<'a>(summary: &'a Value, model: &str) -> &'a Value {
    let models = summary["models"].as_array().unwrap();
    models.iter().find(|found| found["model"] == model).unwrap_or_else(|| panic!("no {model} in {summary}"))
}

/// Whether two numbers are equal but for the order of additions.
#[track_caller]
pub(crate) fn close(found: &Value, expected: f64) {
    let number = found.as_f64().unwrap_or_else(|| panic!("{found} is no number, expected {expected}"));
    assert!((number - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{number}, expected {expected}");
}

/// `|E ∩ R| / |E|` over lower-cased words, as the tutorial defines it.
pub(crate) fn relevance(reference: &str, response: &str) -> f64 {
    let words = |text: &str| -> std::collections::BTreeSet<String> {
        text.to_lowercase().split_whitespace().map(str::to_owned).collect()
    };
    let (expected, found) = (words(reference), words(response));
    expected.intersection(&found).count() as f64 / expected.len() as f64
}
