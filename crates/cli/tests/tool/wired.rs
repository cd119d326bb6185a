//! What a run's numbers and reports are joined of: the comparison with the baseline, costs, figures over all samples.

use super::compared::{ANSWERS, dataset, spec, worse};
use super::tool::{Tool, close, workspace};
use serde_json::{Value, json};
use std::fs;

/// The only run of the suite whose id is not among `known`.
fn new_run(tool: &Tool, suite: &str, known: &[&str]) -> String {
    let runs = fs::read_dir(tool.path(&format!("runs/{suite}"))).unwrap();
    let runs = runs.map(|run| run.unwrap().file_name().into_string().unwrap());
    let fresh: Vec<String> = runs.filter(|run| !known.contains(&run.as_str())).collect();
    assert_eq!(fresh.len(), 1, "{fresh:?}");
    fresh[0].clone()
}

#[test]
fn reports_tell_what_changed_since_the_baseline_without_a_gate() {
    let (before, after) = worse();
    let tool = Tool::alone();
    tool.write("assay.yaml", spec(None));
    tool.write("cases.jsonl", dataset(&before));
    tool.run(&["run", "cases.jsonl"]).exits(0);
    let first = new_run(&tool, "returns", &[]);
    let read = |run: &str, name: &str| fs::read_to_string(tool.path(&format!("runs/returns/{run}/{name}"))).unwrap();
    assert!(!read(&first, "report.html").contains("Samples that got worse"), "there is no baseline yet");
    tool.run(&["baseline", "set", &first]).exits(0);

    tool.write("cases.jsonl", dataset(&after));
    tool.run(&["run", "cases.jsonl"]).exits(0);
    let second = new_run(&tool, "returns", &[&first]);
    assert!(tool.json(&format!("runs/returns/{second}/summary.json"))["gate"].is_null(), "nothing was asked of it");
    let page = read(&second, "report.html");
    let worse = page.find("Samples that got worse").unwrap();
    let better = page.find("Samples that got better").unwrap();
    let told = &page[worse..better];
    // 12 have lost their answer; each is named with both answers.
    for number in 0..12 {
        assert!(told.contains(&format!("case-{number}<")), "case-{number} in {told}");
    }
    assert!(!told.contains("case-12<") && told.contains(ANSWERS[0]) && told.contains(ANSWERS[2]), "{told}");
    assert!(page[better..].contains("case-38<") && page.contains(&first));
    let markdown = read(&second, "summary.md");
    assert!(markdown.contains("case-0") && markdown.contains(&first), "{markdown}");

    // Made again, they are the same; the baseline itself is compared with nothing.
    for name in ["report.html", "summary.md"] {
        fs::remove_file(tool.path(&format!("runs/returns/{second}/{name}"))).unwrap();
    }
    tool.run(&["report", &format!("runs/returns/{second}")]).exits(0);
    assert!(read(&second, "report.html") == page && read(&second, "summary.md") == markdown);
    tool.run(&["report", &format!("runs/returns/{first}")]).exits(0);
    assert!(!read(&first, "report.html").contains("Samples that got worse"));

    // A baseline that is gone keeps nobody from a run that does not ask for it, and is told.
    fs::remove_dir_all(tool.path(&format!("runs/returns/{first}"))).unwrap();
    tool.write("cases.jsonl", format!("\n{}", dataset(&after)));
    let ended = tool.run(&["run", "cases.jsonl", "--out", "later"]).exits(0);
    ended.prints("the baseline cannot be used").prints("set another with `assay baseline set`");
    assert!(!fs::read_to_string(tool.path("later/report.html")).unwrap().contains("Samples that got worse"));
}

#[test]
fn classification_figures_are_those_of_the_answers() {
    // Right and answered, where the answer `perhaps` names no label.
    let cases =
        [("yes", "yes"), ("yes", "no"), ("no", "no"), ("no", "no"), ("no", "perhaps"), ("yes", "yes"), ("maybe", "no")];
    let line = |(number, (right, answered)): (usize, &(&str, &str))| {
        json!({"id": format!("c{number}"), "prompt": "?", "label": right, "referenceResponse": right,
            "modelResponses": [{"response": answered, "modelIdentifier": "m"}]})
        .to_string()
    };
    let tool = Tool::alone();
    tool.write("cases.jsonl", cases.iter().enumerate().map(line).collect::<Vec<_>>().join("\n"));
    tool.write("assay.yaml", "scorers: [classification_accuracy]\nlabels: ['yes', 'no', maybe]\n");
    let ended = tool.run(&["run", "cases.jsonl", "--out", "out"]).exits(0);
    let found = tool.json("out/summary.json")["models"][0]["classification"].clone();

    let labels = ["maybe", "no", "unknown", "yes"];
    let is = |answered: &str| if answered == "perhaps" { "unknown".to_owned() } else { answered.to_owned() };
    let count = |test: &dyn Fn(&str, &str) -> bool| {
        cases.iter().filter(|(right, answered)| test(right, &is(answered))).count() as f64
    };
    let ratio = |part: f64, whole: f64| if whole == 0.0 { 0.0 } else { part / whole };
    let figures = labels.map(|label| {
        let hits = count(&|right, answered| right == label && answered == label);
        let (right, answered) = (count(&|right, _| right == label), count(&|_, answered| answered == label));
        let (precision, recall) = (ratio(hits, answered), ratio(hits, right));
        (precision, recall, ratio(2.0 * precision * recall, precision + recall), right)
    });
    let accuracy = count(&|right, answered| right == answered) / 7.0;
    close(&found["n"], 7.0);
    close(&found["accuracy"], accuracy);
    let rightful: Vec<f64> = figures.iter().filter(|found| found.3 > 0.0).map(|found| found.1).collect();
    close(&found["balanced_accuracy"], rightful.iter().sum::<f64>() / rightful.len() as f64);
    close(&found["macro_average"]["precision"], figures.iter().map(|found| found.0).sum::<f64>() / 4.0);
    close(&found["macro_average"]["recall"], figures.iter().map(|found| found.1).sum::<f64>() / 4.0);
    close(&found["macro_average"]["f1"], figures.iter().map(|found| found.2).sum::<f64>() / 4.0);
    let table =
        labels.map(|row| labels.map(|column| count(&|right, answered| right == row && answered == column) as u64));
    assert_eq!(found["confusion"], json!(table));
    ended.prints(&format!("m: classification accuracy {accuracy:.3}, balanced"));
    let page = fs::read_to_string(tool.path("out/report.html")).unwrap();
    assert!(page.contains("Right and answered labels"));
}

#[test]
fn corpus_scores_are_those_of_sacrebleu() {
    let oracle = workspace().join("crates/score/tests/oracle");
    let rows = |name: &str| -> Vec<Value> {
        let text = fs::read_to_string(oracle.join(name)).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let (groups, triples) = (rows("expected/bleu_chrf_corpus.jsonl"), rows("triples.jsonl"));
    let group = groups.iter().find(|row| row["id"] == "g00").unwrap();
    let lines = group["members"].as_array().unwrap().iter().map(|id| {
        let triple = triples.iter().find(|triple| triple["id"] == *id).unwrap();
        json!({"id": id, "prompt": "?", "referenceResponses": triple["references"],
            "modelResponses": [{"response": triple["response"], "modelIdentifier": "m"}]})
        .to_string()
    });
    let tool = Tool::alone();
    tool.write("cases.jsonl", lines.collect::<Vec<_>>().join("\n"));
    tool.write("assay.yaml", "scorers: [bleu, chrf, chrf_plus_plus]\n");
    let ended = tool.run(&["run", "cases.jsonl", "--out", "out"]).exits(0);
    let found = tool.json("out/summary.json")["models"][0]["corpus"].clone();
    close(&found["bleu"], group["bleu"]["score"].as_f64().unwrap());
    close(&found["chrf"], group["chrf"].as_f64().unwrap());
    close(&found["chrf_plus_plus"], group["chrf_pp"].as_f64().unwrap());
    ended.prints(&format!("as one corpus: bleu {:.3}", group["bleu"]["score"].as_f64().unwrap()));
}
