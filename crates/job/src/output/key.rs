//! Where a job's output lies: keys of S3 objects, read from the right, since prefix and model may hold anything.
//!
//! Decoding the keys of events, and listing them, is left to whoever has the bucket.

/// How the name of every file of results ends.
const FILE_END: &str = "_output.jsonl";

/// The length of a job's id.
const ID_LENGTH: usize = 12;

/// The key of a file of results. There may be several for one job, and the files beside them are none: the check of
/// permissions, the definitions of custom metrics, the records of human loops.
///
/// | job | key |
/// |---|---|
/// | automatic, judge | `<prefix>/<job-name>/<job-id>/models/<model>/taskTypes/<task>/datasets/<dataset>/<uuid>_output.jsonl` |
/// | RAG | `<prefix>/<job-name>/<job-id>/inference_configs/<n>/datasets/<dataset>/<uuid>_output.jsonl` |
/// | human | `<prefix>/<job-name>/<job-id>/datasets/<dataset>/<uuid>_output.jsonl` |
///
/// The first and the last are documented (Bedrock user guide, model-evaluation-report-s3), the second was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputKey {
    /// What stands before the job's name, without the slash between them; empty if nothing does.
    pub prefix: String,
    /// The job's name. Where the output was to go into a folder of that name, the prefix holds it too.
    pub job_name: String,
    /// The last part of the job's ARN.
    pub job_id: String,
    /// Who answered: a model's id, or the label of recorded answers. An ARN has its slashes.
    pub model: Option<String>,
    /// What the models were to do, as the service names it.
    pub task: Option<String>,
    /// Of a RAG job, the number of what was asked.
    pub config: Option<String>,
    /// The dataset's name.
    pub dataset: String,
    /// The file's name.
    pub file: String,
}

impl OutputKey {
    /// Reads a key whose escapes are decoded; none if it is not one of a file of results.
    pub fn parse(key: &str) -> Option<Self> {
        let segments: Vec<&str> = key.split('/').collect();
        let [before @ .., "datasets", dataset, file] = segments.as_slice() else { return None };
        if dataset.is_empty() || !file.ends_with(FILE_END) {
            return None;
        }
        let (job, model, task, config) = match before {
            [before @ .., "taskTypes", task] if !task.is_empty() => {
                let (job, model) = of_model(before)?;
                (job, Some(model), Some(*task), None)
            }
            [job @ .., "inference_configs", config] if !config.is_empty() => (job, None, None, Some(*config)),
            _ => match of_model(before) {
                Some((job, model)) => (job, Some(model), None, None),
                None => (before, None, None, None),
            },
        };
        let [prefix @ .., job_name, job_id] = job else { return None };
        // A key that begins with a slash has a first part without a name; nothing that a job was asked for does.
        if !is_job(job_name, job_id) || prefix == [""] {
            return None;
        }
        Some(Self {
            prefix: prefix.join("/"),
            job_name: (*job_name).to_owned(),
            job_id: (*job_id).to_owned(),
            model,
            task: task.map(str::to_owned),
            config: config.map(str::to_owned),
            dataset: (*dataset).to_owned(),
            file: (*file).to_owned(),
        })
    }

    /// The folder that holds everything the job wrote but its check of permissions: `<prefix>/<job-name>/<job-id>`.
    pub fn job_folder(&self) -> String {
        let separator = if self.prefix.is_empty() { "" } else { "/" };
        format!("{}{separator}{}/{}", self.prefix, self.job_name, self.job_id)
    }
}

/// Parts a path at the last `models` that follows a job. Only ARNs have slashes. Parts of a model's ARN may look like a job themselves
/// (`custom-model/imported/abcdefghijkl`), so this comes before looking for a job at the end.
fn of_model<'a>(segments: &'a [&'a str]) -> Option<(&'a [&'a str], String)> {
    let place = (2..segments.len().saturating_sub(1))
        .rev()
        .find(|place| segments[*place] == "models" && is_job(segments[place - 2], segments[place - 1]))?;
    let model = segments[place + 1..].join("/");
    let is_model = !model.is_empty() && (!model.contains('/') || model.starts_with("arn:"));
    is_model.then(|| (&segments[..place], model))
}

/// Whether these can be a job's name and id: `[a-z0-9](-*[a-z0-9]){0,62}`, at most 63 long, and `[a-z0-9]{12}`.
fn is_job(name: &str, id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let name_is = (1..=63).contains(&name.len())
        && name.bytes().all(|byte| plain(byte) || byte == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    name_is && id.len() == ID_LENGTH && id.bytes().all(plain)
}
