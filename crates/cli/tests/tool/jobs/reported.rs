//! What else is done with the run of a job: report, compare, score, baseline; in the bucket and as a copy in a folder.

use super::suite::{automatic, write};
use super::world::World;
use crate::tool::{MODEL, OTHER, Tool};
use serde_json::Value;

/// A collected run of programs over two models, as a key.
fn collected(name: &str) -> (World, String) {
    let world = World::new(name);
    write(&world.tool, 12, &[automatic("programs", &["Accuracy", "Robustness", "Toxicity"])]);
    world.start(&[]).exits(0);
    world.until_ended();
    world.job("collect", &[]).exits(0);
    let run = world.runs("parcels").remove(0);
    (world, run)
}

/// The folder `copy/runs/...` beside a tool that has no AWS.
fn copy(world: &World, run: &str) -> (Tool, String) {
    let tool = Tool::alone();
    for key in world.keys(run) {
        tool.write(&format!("copy/{key}"), world.text(&key));
    }
    (tool, format!("copy/{run}"))
}

#[test]
fn reports_show_the_measures_of_the_job_and_compare_its_models() {
    let (world, run) = collected("reported");
    let (tool, folder) = copy(&world, &run);
    let whole = format!("{}/{run}", world.place());
    for (tool, run) in [(&world.tool, &whole), (&tool, &folder)] {
        let table = tool.run(&["report", run, "--markdown", "out.md", "--html", "out.html", "--junit", "out.xml"]);
        let table = table.exits(0).prints("job.Accuracy").prints("job.Robustness").prints("job.Toxicity");
        assert!(table.out.contains("score 0."), "the worst are told by the job's measure: {}", table.out);
        let read = |name: &str| std::fs::read_to_string(tool.path(name)).unwrap();
        let page = read("out.html");
        for (name, direction) in [
            ("job.Accuracy", "higher is better"),
            ("job.Robustness", "lower is better"),
            ("job.Toxicity", "lower is better"),
        ] {
            let row = format!("<span dir=\"auto\">{name}</span><span class=\"counts\">{direction}</span>");
            assert!(page.contains(&row), "{name} in {page}");
            assert!(read("out.md").contains(&format!("| {name} | ")), "{name}");
        }
        assert!(page.contains("by <code>job.Accuracy</code>"), "samples are ranked by what the job says");
        assert_eq!(page.matches("<tr data-line").count(), 24);
        // Neither of two models of a run is before the other.
        assert!(page.contains("<th scope=\"col\">First</th><th scope=\"col\">Other</th>"));
        assert!(read("out.md").contains(&format!("## {OTHER} against {MODEL} in ")), "{}", read("out.md"));
        for text in [&page, &read("out.md")] {
            assert!(!text.contains("baseline") && !text.contains("Got worse") && !text.contains(">Before<"), "{text}");
        }
        assert!(read("out.xml").contains(r#"<testsuites name="parcels" tests="24" failures="0" errors="0""#));
        let csv = tool.run(&["report", run, "--csv", "-"]).exits(0);
        let header = csv.out.lines().next().unwrap();
        assert!(header.contains(",job.Accuracy,job.Robustness,job.Toxicity,relevance,"), "{header}");
        assert_eq!(csv.out.lines().count(), 25);
    }
    // What collecting wrote is what a report made again is.
    let read = |key: &str| std::fs::read_to_string(tool.path(key)).unwrap();
    let files = ["summary.md", "report.html", "junit.xml"].map(|file| format!("{folder}/{file}"));
    let before = files.clone().map(|file| read(&file));
    tool.run(&["report", &folder]).exits(0);
    let before = before.map(|text| text.replace("s3://tool-reported/", "copy/"));
    for (file, before) in files.iter().zip(before) {
        assert_eq!(read(file), before, "{file}");
    }
}

#[test]
fn the_models_of_a_job_are_compared_scored_and_made_a_baseline() {
    let (world, run) = collected("compared");
    let (tool, folder) = copy(&world, &run);
    let whole = format!("{}/{run}", world.place());
    let compared = [(&world.tool, &whole), (&tool, &folder)].map(|(tool, run)| {
        let text = tool.run(&["compare", run]).exits(0).prints(&format!("first   {MODEL} of "));
        let text = text.prints("12 samples compared").prints("worse in the other").prints("job.Toxicity");
        assert!(!text.out.contains("before"), "{}", text.out);
        let scored = tool.run(&["score", run, "--scorers", "f1,response_length"]).exits(0);
        assert_eq!(scored.out.lines().count(), 24);
        let found: Value = serde_json::from_str(&tool.run(&["compare", run, "--format", "json"]).exits(0).out).unwrap();
        found
    });
    assert_eq!(compared[0], compared[1]);
    // What got less robust or more toxic got worse: lower is better.
    let measures = compared[0][0]["measures"].as_array().unwrap();
    let names: Vec<&str> = measures.iter().map(|measure| measure["name"].as_str().unwrap()).collect();
    for name in ["job.Accuracy", "job.Robustness", "job.Toxicity", "relevance"] {
        assert!(names.contains(&name), "{names:?}");
    }

    world.tool.run(&["baseline", "set", &whole]).exits(0).says("suites/parcels/baseline.json");
    let place = world.place();
    world.tool.run(&["baseline", "show", "parcels", "--in", &place]).exits(0).prints(run.rsplit('/').next().unwrap());
    tool.run(&["baseline", "set", &folder]).exits(0).says("copy/suites/parcels/baseline.json");
    // A later run is held to it: with the same answers nothing is worse.
    crate::tool::next_second();
    world.start(&["--again"]).exits(0);
    world.until_ended();
    world.job("collect", &[]).exits(0);
    let later = world.runs("parcels").into_iter().find(|later| *later != run).unwrap();
    let text = world.text(&format!("{later}/summary.md"));
    let (later, first) = (later.rsplit('/').next().unwrap(), run.rsplit('/').next().unwrap());
    assert!(text.contains(&format!("## {MODEL} of {later} against {MODEL} of {first}")), "{text}");
    assert!(text.contains(&format!("## {OTHER} against {MODEL} in {later}")), "{text}");
}
