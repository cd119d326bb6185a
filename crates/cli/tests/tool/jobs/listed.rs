//! `assay job list` and `assay job show`.

use super::suite::{JUDGE, automatic, human, write};
use super::world::{ROLE, World, document};
use crate::tool::MODEL;
use local_stack::stand_in::JobBehaviour;
use serde_json::json;

#[test]
fn jobs_are_listed_run_by_run_and_can_be_chosen() {
    let world = World::new("listed");
    world.job("list", &[]).exits(0).says("no jobs");
    assert_eq!(document(&world.job("list", &["--format", "json"]).exits(0)), json!([]));
    write(&world.tool, 3, &[automatic("programs", &["Accuracy"]), human("people")]);
    world.start(&[]).exits(0);
    world.until_ended();
    let listed = document(&world.job("list", &["--format", "json"]).exits(0));
    let of =
        |at: usize| (listed[at]["request"]["spec"]["name"].clone(), listed[at]["request"]["models"][0]["id"].clone());
    assert_eq!(listed.as_array().unwrap().len(), 3);
    assert_eq!((of(0), of(2).0), ((json!("programs"), json!(MODEL)), json!("people")));
    let name = listed[0]["job"].as_str().unwrap();
    world.job("collect", &[name]).exits(0);
    let open = document(&world.job("list", &["--open", "--format", "json"]).exits(0));
    assert_eq!((open.as_array().unwrap().len(), &open[0]["job"]), (1, &listed[2]["job"]));
    world.job("list", &["--suite", "others"]).exits(0).says("no jobs");
    let all = world.job("list", &["--suite", "parcels"]).exits(0);
    assert_eq!(all.out.matches("parcels-").count(), 3, "{}", all.out);
}

#[test]
fn a_job_is_shown_with_everything_that_is_known() {
    let world = World::with("shown", JobBehaviour { hold: vec!["parcels".to_owned()], ..JobBehaviour::default() });
    write(&world.tool, 3, &[super::suite::judge("judged")]);
    world.start(&[]).exits(0);
    let name = world.jobs().into_keys().next().unwrap();
    let run = world.note(&name)["run"].as_str().unwrap().to_owned();
    let shown = world.job("show", &[&name]).exits(0).prints(&format!("{name}: in progress\n"));
    let shown = [
        "suite      parcels of the application Assay",
        "asked      judged: judge job, General",
        "metrics    job.Correctness, job.FollowingInstructions",
        "dataset    suite/cases.jsonl, 3 samples in this job",
    ]
    .iter()
    .fold(shown, |shown, text| shown.prints(text));
    let arn = &world.jobs()[&name].arn;
    let id = arn.rsplit('/').next().unwrap();
    for (fact, text) in [
        ("evaluator", JUDGE.to_owned()),
        ("model", MODEL.to_owned()),
        ("input", format!("s3://tool-shown/job-input/parcels/{run}/part-01.jsonl")),
        ("output", format!("s3://tool-shown/job-output/parcels/{name}/{id}")),
        ("run", format!("s3://tool-shown/runs/parcels/{run}, with 1 other job")),
        ("arn", arn.clone()),
        ("role", ROLE.to_owned()),
    ] {
        assert!(shown.out.contains(&format!("  {fact:<10} {text}\n")), "{fact}: {text}\n{}", shown.out);
    }
    let noted = world.note(&name)["started_at"].as_str().unwrap().split('.').next().unwrap().to_owned();
    assert!(shown.out.contains("  started    2") && !noted.is_empty(), "{}", shown.out);
    assert_eq!(document(&world.job("show", &[&name, "--format", "json"]).exits(0)), world.note(&name));

    world.set(JobBehaviour::default());
    world.until_ended();
    world.job("collect", &[]).exits(0);
    world.job("show", &[&name]).exits(0).prints("completed, collected").prints("read       3 answers in 1 file");
}

#[test]
fn notes_that_cannot_be_read_or_would_steer_a_terminal_do_no_harm() {
    let world = World::new("hostile");
    let hostile = "evil\u{1b}[2J";
    let note = json!({"format": 1, "assay": "1", "job": hostile, "suite": "s\u{7}", "application": "a", "run": "r",
        "jobs": [hostile], "dataset": {"bucket": "b", "key": "k"}, "state": "failed", "messages": [hostile],
        "noted_at": "2026-01-01T00:00:00Z", "settled": true});
    world.put("jobs/evil.json", note.to_string());
    world.put("jobs/later.json", r#"{"format": 99}"#);
    for command in
        [&["list"][..], &["show", "evil"], &["list", "--format", "json"], &["show", "evil", "--format", "json"]]
    {
        let ended = world.job(command[0], &command[1..]);
        let raw = |text: &str| text.contains('\u{1b}') || text.contains('\u{7}');
        assert!(!raw(&ended.out) && !raw(&ended.err) && ended.out.contains("evil"), "{}{}", ended.out, ended.err);
    }
    world.job("list", &[]).exits(2).says("the note `jobs/later.json` cannot be read");
    world.job("show", &["later"]).exits(2).says("it has format 99, this version reads up to 1; move it away");
    world.job("stop", &["evil"]).exits(2).says("cannot be stopped: it is failed, collected");
}
