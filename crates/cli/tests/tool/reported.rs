//! `assay report`: a finished run told again, and what every run leaves for people and CI.

use super::tool::{Tool, workspace};
use serde_json::Value;
use std::fs;

fn example() -> String {
    workspace().join("examples/support-faq").display().to_string()
}

/// The folder of the only run of the example.
fn only_run(tool: &Tool) -> String {
    let runs: Vec<_> = fs::read_dir(tool.path("runs/support-faq")).unwrap().collect();
    assert_eq!(runs.len(), 1);
    format!("runs/support-faq/{}", runs[0].as_ref().unwrap().file_name().display())
}

#[test]
fn a_run_leaves_a_page_and_its_suite_another() {
    let tool = Tool::alone();
    tool.run(&["run", &example()])
        .exits(0)
        .says("report ./runs/support-faq/")
        .says("suite  ./suites/support-faq/index.html");
    let run = only_run(&tool);
    let page = fs::read_to_string(tool.path(&format!("{run}/report.html"))).unwrap();
    assert_eq!(page.matches("<tr data-line").count(), 80, "40 samples of two models");
    assert!(fs::read_to_string(tool.path(&format!("{run}/junit.xml"))).unwrap().contains(r#"tests="80""#));
    let history = fs::read_to_string(tool.path("suites/support-faq/history.jsonl")).unwrap();
    let lines: Vec<Value> = history.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["recorded"], 80);
    let summary = tool.json(&format!("{run}/summary.json"));
    assert_eq!(lines[0]["models"][0]["means"]["f1"]["mean"], summary["models"][0]["scores"]["f1"]["mean"]);
}

#[test]
fn reports_are_made_again_the_same() {
    let tool = Tool::alone();
    tool.run(&["run", &example()]).exits(0);
    let run = only_run(&tool);
    let read = |name: &str| fs::read_to_string(tool.path(name)).unwrap();
    let files = ["report.html", "junit.xml", "summary.md"].map(|name| format!("{run}/{name}"));
    let before = files.each_ref().map(|name| read(name));
    let index = read("suites/support-faq/index.html");
    files.iter().for_each(|name| fs::remove_file(tool.path(name)).unwrap());
    fs::remove_dir_all(tool.path("suites")).unwrap();
    tool.run(&["report", &run]).exits(0).prints("Worst samples").says("report ./runs/support-faq/");
    assert!(files.each_ref().map(|name| read(name)) == before, "the same, down to the last byte");
    assert_eq!(read("suites/support-faq/index.html"), index);
    // And again: the history has the run once.
    tool.run(&["report", &run]).exits(0);
    assert_eq!(read("suites/support-faq/history.jsonl").lines().count(), 1);
}

#[test]
fn each_report_goes_where_it_is_told() {
    let tool = Tool::alone();
    tool.run(&["run", &example(), "--out", "out"]).exits(0);
    assert!(tool.path("out/report.html").is_file() && !tool.path("suites").exists(), "a run alone has no suite beside");
    let names = ["--html", "a.html", "--junit", "a.xml", "--markdown", "a.md", "--csv", "a.csv", "--format", "json"];
    let ended = tool.run(&[&["report", "out"], &names[..]].concat()).exits(0);
    assert_eq!(serde_json::from_str::<Value>(&ended.out).unwrap(), tool.json("out/summary.json"));
    for (name, of) in [("a.html", "report.html"), ("a.xml", "junit.xml"), ("a.md", "summary.md")] {
        let (left, right) = (fs::read(tool.path(name)).unwrap(), fs::read(tool.path("out").join(of)).unwrap());
        assert!(left == right, "{name}");
    }
    let csv = fs::read_to_string(tool.path("a.csv")).unwrap();
    assert!(csv.starts_with("sample,line,category,model,recorded,result,"), "{csv}");
    let ended = tool.run(&["report", "out", "--csv", "-"]).exits(0);
    assert_eq!(ended.out, csv, "nothing but the rows");
}

#[test]
fn what_is_no_run_is_refused() {
    let tool = Tool::alone();
    tool.write("empty/file", "");
    tool.run(&["report", "empty"]).exits(2).says("`empty` holds no summary.json; name the folder of a finished run");
    tool.run(&["report", "missing"]).exits(2).says("`missing` is no folder");
    tool.run(&["run", &example(), "--out", "out"]).exits(0);
    tool.run(&["report", "out", "--csv", "-", "--html", "-"]).exits(2).says("only one of the reports");
    tool.run(&["report", "out", "--csv", "no/such/folder.csv"]).exits(2).says("cannot be written");
}
