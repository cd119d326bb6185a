//! What cannot be started is told with its remedy, all of it at once, and nothing is started or written.

use super::suite::{automatic, cases, judge, write, write_with};
use super::world::{ROLE, World, document};
use crate::tool::Tool;
use serde_json::json;

#[test]
fn every_problem_of_every_job_is_told_and_none_is_started() {
    let world = World::new("problems");
    let silent: String = (0..120).map(|line| json!({"prompt": format!("p{line}")}).to_string() + "\n").collect();
    // The judge needs no reference answer; the programs do.
    write_with(&world.tool, &silent, &[judge("judged"), automatic("programs", &["Accuracy"])], json!({}));
    let ended = world.start(&[]).exits(2).says("nothing was started: mend the problems of `programs`");
    for line in [1, 60, 120] {
        let place = format!("suite/cases.jsonl:{line}: referenceResponse: for the job `programs`: no reference answer");
        assert!(ended.err.contains(&place), "{}", ended.err);
    }
    assert!(ended.err.contains("no line of the dataset can go into the job"), "{}", ended.err);
    assert_eq!(ended.out, "");
    assert_eq!((world.created(), world.keys("")), ((0, 0), Vec::new()));
    let found = document(&world.start(&["--format", "json"]).exits(2));
    assert_eq!((&found["jobs"], &found["refused"][0]["job"]), (&json!([]), &json!("programs")));
    assert_eq!(found["refused"][0]["problems"]["errors"], 121);

    // A single bad line is left out, unless the spec is strict.
    let mixed = cases(3) + "{\"prompt\": \"\u{1b}[2J\"}\n";
    write_with(&world.tool, &mixed, &[automatic("programs", &["Accuracy"])], json!({"strict": true}));
    world.start(&[]).exits(2).says("suite/cases.jsonl:4: ").says("nothing was started");
    write_with(&world.tool, &mixed, &[automatic("programs", &["Accuracy"])], json!({}));
    let ended = world.start(&[]).exits(0).says("the job `programs` goes without 1 lines of the dataset");
    assert!(!ended.err.contains('\u{1b}'));
    assert_eq!(world.created(), (2, 2));
}

#[test]
fn a_missing_role_is_told_and_giving_it_is_enough() {
    let world = World::new("role");
    write(&world.tool, 2, &[automatic("programs", &["Accuracy"])]);
    let ended = world.job("start", &["suite"]).exits(2);
    let ended = ended.says("role: there is no service role that the job could run as; give the job `role`, or --role");
    ended.says("nothing was started");
    world.job("start", &["suite", "--role", "jobs"]).exits(2).says("`jobs` is not the ARN of a role");
    assert_eq!((world.created(), world.keys("")), ((0, 0), Vec::new()));
    world.start(&[]).exits(0);
    assert_eq!(world.created(), (2, 2));
}

#[test]
fn what_the_service_refuses_is_told_with_the_job() {
    let world = World::new("unknown");
    write(&world.tool, 2, &[automatic("programs", &["Accuracy"])]);
    let behaviour = local_stack::stand_in::Behaviour {
        known_models: Some([crate::tool::MODEL.to_owned()].into()),
        ..local_stack::stand_in::Behaviour::default()
    };
    world.stand_in.set_behaviour(behaviour);
    world.start(&[]).exits(2).prints("refused").prints("missing: ResourceNotFoundException");
}

#[test]
fn places_that_are_no_bucket_are_refused() {
    let world = World::new("places");
    write(&world.tool, 2, &[automatic("programs", &["Accuracy"])]);
    for place in ["bucket", "s3://tool-places/prefix", "s3://"] {
        for command in [&["start", "suite"][..], &["stop", "job"], &["collect"]] {
            let arguments = [&["job"], command, &["--in", place]].concat();
            world.tool.run(&arguments).exits(2).says(&format!("--in `{place}` is no bucket")).says("s3://BUCKET");
        }
    }
    world.tool.run(&["job", "list", "--in", "nowhere"]).exits(2).says("`nowhere` is no folder");
    for command in [&["list"][..], &["show", "j"], &["stop", "j"], &["collect"], &["start", "suite", "--role", ROLE]] {
        let ended = world.tool.run(&[&["job"], command, &["--in", "s3://tool-there-is-none"]].concat());
        ended
            .exits(2)
            .says("there is no bucket s3://tool-there-is-none; give that of the stack, its output BucketName");
    }
    world.job("show", &["nobody"]).exits(2).says("there is no job `nobody` in s3://tool-places; `assay job list --in");
    world.job("start", &["nothing", "--role", ROLE]).exits(2).says("`nothing/assay.yaml` does not exist");
    write(&world.tool, 2, &[]);
    world.start(&[]).exits(2).says("the spec has no `jobs`; add some");
    assert_eq!((world.created(), world.keys("")), ((0, 0), Vec::new()));
}

#[test]
fn without_region_or_credentials_it_is_told_what_to_set() {
    let tool = Tool::alone();
    write(&tool, 2, &[automatic("programs", &["Accuracy"])]);
    let commands: [&[&str]; 5] =
        [&["start", "suite", "--role", ROLE], &["list"], &["show", "job"], &["stop", "job"], &["collect"]];
    for command in commands {
        let arguments = [&["job"], command, &["--in", "s3://bucket"]].concat();
        tool.run(&arguments).exits(2).says("no AWS Region is set; set AWS_REGION");
    }
    let tool = Tool::alone().with("AWS_REGION", "us-east-1").with("AWS_EC2_METADATA_DISABLED", "true");
    write(&tool, 2, &[automatic("programs", &["Accuracy"])]);
    for command in commands {
        let arguments = [&["job"], command, &["--in", "s3://bucket"]].concat();
        tool.run(&arguments).exits(2).says("no AWS credentials").says("set AWS_PROFILE");
    }
}
