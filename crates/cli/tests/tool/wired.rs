//! What a run's numbers and reports are joined of: the comparison with the baseline, costs, figures over all samples.

use super::compared::{ANSWERS, dataset, spec, worse};
use super::tool::Tool;
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
