//! Datasets against what managed jobs take, before one is started.

use super::tool::Tool;
use serde_json::{Value, json};

/// Two lines with a reference, one without, one that is too long for any job.
fn cases() -> String {
    let good = |number: u32| json!({"prompt": format!("p{number}"), "referenceResponse": "r"}).to_string();
    let silent = json!({"prompt": "p3"}).to_string();
    let long = json!({"prompt": "x".repeat(4097), "referenceResponse": "r"}).to_string();
    format!("{}\n{}\n{silent}\n{long}\n", good(1), good(2))
}

#[test]
fn a_dataset_is_checked_for_a_kind() {
    let tool = Tool::alone();
    tool.write("cases.jsonl", cases());
    let needs = "cases.jsonl:3: referenceResponse: no reference answer, which Accuracy needs";
    let long = "cases.jsonl:4: prompt: the prompt as it is asked has 4097 bytes, more than the 4096 of a job";
    let counts =
        "job `automatic` (automatic): 2 lines can be used, 2 cannot; it takes 1 job of at most 1,000 prompts\n";
    let note = "checked for an automatic job; `--for-job judge`";
    let noted = tool.run(&["check", "cases.jsonl", "--for-job"]).exits(2).says(note).says(counts);
    let named = tool.run(&["check", "cases.jsonl", "--for-job", "automatic"]).exits(2).says(counts);
    assert!(!named.err.contains(note), "{}", named.err);
    for ended in [noted, named] {
        let ended = ended.prints(needs).prints(long).says("2 errors, 0 warnings");
        assert_eq!(ended.out.lines().count(), 2, "{}", ended.out);
    }
    for kind in ["judge", "human", "rag"] {
        let ended = tool.run(&["check", "cases.jsonl", "--for-job", kind]).exits(2).prints(long);
        let ended = ended.says(&format!("job `{kind}` ({kind}): 3 lines can be used, 1 cannot"));
        assert_eq!(ended.out.lines().count(), 1, "{}", ended.out);
    }
    tool.run(&["check", "cases.jsonl", "--for-job", "magic"])
        .exits(2)
        .says("possible values: automatic, judge, human, rag");
    tool.run(&["check", "none.jsonl", "--for-job", "judge"]).exits(2).says("`none.jsonl` does not exist");
}

#[test]
fn long_datasets_are_counted_in_jobs() {
    let tool = Tool::alone();
    let lines = |count: u32| {
        (0..count).map(|line| json!({"prompt": format!("p{line}")}).to_string() + "\n").collect::<String>()
    };
    for (count, jobs) in [(1000, "1 job of"), (1001, "2 jobs of"), (2500, "3 jobs of")] {
        tool.write("cases.jsonl", lines(count));
        let ended = tool.run(&["check", "cases.jsonl", "--for-job", "judge"]).exits(0);
        ended.says(&format!("{count} lines can be used, 0 cannot; it takes {jobs} at most 1,000 prompts\n"));
    }
    tool.write("suite/cases.jsonl", lines(1001));
    let models = json!([{"id": "amazon.nova-lite-v1:0"}, {"id": "amazon.nova-pro-v1:0"}]);
    tool.write("suite/assay.yaml", json!({"dataset": "cases.jsonl", "models": models}).to_string());
    let ended = tool.run(&["check", "suite", "--for-job", "judge"]).exits(0);
    ended.says("it takes 2 jobs of at most 1,000 prompts for each of 2 models\n");
    let ended = tool.run(&["check", "suite/assay.yaml", "--for-job", "human"]).exits(0);
    ended.says("it takes 2 jobs of at most 1,000 prompts\n");
}

#[test]
fn each_job_of_a_suite_is_checked_and_named() {
    let tool = Tool::alone();
    tool.write("suite/cases.jsonl", cases());
    let jobs = json!([
        {"name": "programs", "kind": "automatic", "task": "QuestionAndAnswer", "metrics": ["Robustness"]},
        {"kind": "judge", "metrics": ["Builtin.Correctness"], "evaluator": "amazon.nova-pro-v1:0"},
        {"name": "theirs", "kind": "automatic", "metrics": ["Accuracy"], "datasets": ["Builtin.BoolQ"],
            "task": "QuestionAndAnswer"},
    ]);
    let spec = json!({"dataset": "cases.jsonl", "models": [{"id": "amazon.nova-lite-v1:0"}], "jobs": jobs,
        "prompt": "Q: {{prompt}}"});
    tool.write("suite/assay.yaml", spec.to_string());
    for name in ["suite", "suite/", "suite/assay.yaml"] {
        let ended = tool.run(&["check", name, "--for-job"]).exits(2);
        let place = "suite/cases.jsonl";
        let expected = format!(
            "{place}:3: referenceResponse: for the job `programs`: no reference answer, which Robustness needs; \
             add \"referenceResponse\": \"...\"\n\
             {place}:4: prompt: for the job `programs`: the prompt as it is asked has 4100 bytes, more than the 4096 of a \
             job; shorten it, or what the spec's `prompt` puts around it\n\
             {place}:4: prompt: for the job `judge`: the prompt as it is asked has 4100 bytes, more than the 4096 of a \
             job; shorten it, or what the spec's `prompt` puts around it\n"
        );
        assert_eq!(ended.out, expected);
        let ended = ended.says("job `programs` (automatic): 2 lines can be used, 2 cannot");
        let ended = ended.says("job `judge` (judge): 3 lines can be used, 1 cannot");
        ended.says("job `theirs` (automatic): its datasets are those of the service\n").says("3 errors, 0 warnings");
    }
    let one = tool.run(&["check", "suite", "--for-job", "judge", "--format", "json"]).exits(2);
    let document: Value = serde_json::from_str(&one.out).unwrap();
    assert_eq!(document["problems"][0]["line"], 4);
    assert_eq!(
        document["problems"][0]["message"],
        "the prompt as it is asked has 4100 bytes, more than the 4096 of a job"
    );
    let job = json!({"name": "judge", "kind": "judge", "samples": 3, "bad_lines": 1, "jobs": 1, "models": 1,
        "is_built_in": false});
    assert_eq!((&document["jobs"], &document["errors"]), (&json!([job]), &json!(1)));
}

#[test]
fn a_suite_without_jobs_needs_a_kind() {
    let tool = Tool::alone();
    tool.write("suite/cases.jsonl", "{\"prompt\":\"p\"}\n");
    tool.write("suite/assay.yaml", "dataset: cases.jsonl\nsystem: Be kind.\n");
    let ended =
        tool.run(&["check", "suite", "--for-job"]).exits(2).says("`suite` has no `jobs`; add some, or give a kind");
    assert_eq!(ended.out, "");
    let ended = tool.run(&["check", "suite", "--for-job", "rag"]).exits(0).says("0 errors, 1 warnings");
    ended.prints("suite/cases.jsonl: warning: system: the system prompt is not sent");
    tool.write("suite/assay.yaml", "repeats: 0\n");
    tool.run(&["check", "suite", "--for-job"]).exits(2).prints("suite/assay.yaml:1: repeats: ");
    tool.write("suite/assay.yaml", "repeats: 1\n");
    tool.run(&["check", "suite", "--for-job", "judge"]).exits(2).says("`suite` names no dataset");
}

#[test]
fn conversations_are_read_for_rag_jobs_alone() {
    let tool = Tool::alone();
    let turn = json!({"prompt": {"content": [{"text": "p"}]}});
    tool.write("cases.jsonl", json!({"conversationTurns": [turn, turn]}).to_string());
    let rag = tool.run(&["check", "cases.jsonl", "--for-job", "rag"]).exits(0);
    rag.says("1 lines can be used, 0 cannot; it takes 1 job of");
    tool.run(&["check", "cases.jsonl", "--for-job", "judge"]).exits(2).prints("managed RAG jobs only");
    tool.run(&["check", "cases.jsonl"]).exits(2).prints("managed RAG jobs only");
}
