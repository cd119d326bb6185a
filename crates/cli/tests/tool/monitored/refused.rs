//! What cannot be done, and what is told then: denied, unreachable, wrong arguments, no history.

use super::history;
use crate::tool::{MODEL, Tool};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

/// A CloudWatch that answers every request with this status and this error, in the protocol of the SDK (RPC v2 CBOR).
fn service(status: u16, code: &'static str) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                while is_asked(&mut stream) {
                    let body = document(&[("__type", code), ("message", "not today")]);
                    let head = format!(
                        "HTTP/1.1 {status} Refused\r\ncontent-type: application/cbor\r\nsmithy-protocol: rpc-v2-cbor\r\n\
                         content-length: {}\r\n\r\n",
                        body.len()
                    );
                    if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)).is_err() {
                        return;
                    }
                }
            });
        }
    });
    url
}

/// Reads one whole request.
fn is_asked(stream: &mut TcpStream) -> bool {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return false,
        }
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |text| text.parse().unwrap());
    stream.read_exact(&mut vec![0; length]).is_ok()
}

/// A map of short texts in CBOR (RFC 8949): a map is 0xA0 and its size, a text up to 23 bytes 0x60 and its length.
fn document(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = vec![0xA0 | u8::try_from(pairs.len()).unwrap()];
    for text in pairs.iter().flat_map(|(name, value)| [name, value]) {
        match u8::try_from(text.len()).unwrap() {
            length @ 0..=23 => bytes.push(0x60 | length),
            length => bytes.extend([0x78, length]),
        }
        bytes.extend(text.as_bytes());
    }
    bytes
}

fn tool(url: &str) -> Tool {
    Tool::alone()
        .with("AWS_REGION", "us-east-1")
        .with("AWS_ACCESS_KEY_ID", "test")
        .with("AWS_SECRET_ACCESS_KEY", "test")
        .with("AWS_EC2_METADATA_DISABLED", "true")
        .with("AWS_ENDPOINT_URL", url)
}

const ALARMS: [&str; 5] = ["monitor", "alarms", "--model", MODEL, "--diff"];

#[test]
fn a_denied_call_names_the_permission_that_is_missing() {
    let denied = tool(&service(403, "AccessDenied"));
    denied.run(&ALARMS).exits(2).says("CloudWatch denies access").says("allow cloudwatch:DescribeAlarms");
    denied.run(&["monitor", "alarms"]).exits(2).says("allow cloudwatch:DescribeAlarms");
    let page = ["monitor", "dashboard", "--model", MODEL];
    denied.run(&[&page[..], &["--diff"]].concat()).exits(2).says("allow cloudwatch:GetDashboard");
    denied.run(&[&page[..], &["--apply"]].concat()).exits(2).says("allow cloudwatch:PutDashboard");
}

#[test]
fn ended_credentials_and_used_up_quotas_have_other_remedies() {
    tool(&service(403, "ExpiredToken")).run(&ALARMS).exits(2).says("sign in again");
    tool(&service(400, "LimitExceeded")).run(&ALARMS).exits(2).says("a higher quota of alarms");
    tool(&service(400, "InvalidParameterValue")).run(&ALARMS).exits(2).says("refuses the request").says("not today");
}

#[test]
fn a_service_that_is_not_there_is_said_to_be() {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    tool(&format!("http://127.0.0.1:{port}")).run(&ALARMS).exits(1).says("CloudWatch cannot be reached");
    tool(&service(503, "ServiceUnavailable")).run(&ALARMS).exits(1).says("CloudWatch cannot be reached");
    tool(&service(400, "Throttling")).run(&ALARMS).exits(1).says("CloudWatch is throttling");
}

#[test]
fn without_region_or_credentials_it_says_what_is_missing() {
    let alone = Tool::alone().with("AWS_EC2_METADATA_DISABLED", "true");
    alone.run(&ALARMS).exits(2).says("no AWS Region is set");
    alone.run(&["monitor", "dashboard", "--model", MODEL]).exits(2).says("no AWS Region is set");
    let located = alone.with("AWS_REGION", "us-east-1");
    located.run(&ALARMS).exits(2).says("no AWS credentials");
    // Printing needs neither.
    located.run(&["monitor", "alarms", "--model", MODEL]).exits(0);
    located.run(&["monitor", "dashboard", "--model", MODEL]).exits(0);
}

#[test]
fn wrong_arguments_are_told_with_what_would_be_right() {
    let tool = Tool::alone();
    let refuse = |arguments: &[&str], said: &str| {
        tool.run(&[&["monitor"], arguments].concat()).exits(2).says(said);
    };
    let alarms = ["alarms", "--model", MODEL];
    let with = |more: &[&'static str]| [&alarms[..], more].concat();
    refuse(&with(&["--topic", "notices"]), "--topic is no ARN");
    refuse(&with(&["--alarm-period-seconds", "90"]), "AlarmPeriodSeconds is 90; choose a multiple of 60");
    refuse(&with(&["--alarm-periods", "2000"]), "more than the day that CloudWatch looks back");
    refuse(&with(&["--throttles-alarm-percent", "0"]), "ThrottlesAlarmPercent is 0");
    refuse(&with(&["--stack", "a/b"]), "a stack's name");
    refuse(&with(&["--namespace", "AWS/Bedrock"]), "does not begin with AWS/");
    refuse(&with(&["--diff", "--apply"]), "cannot be used with");
    refuse(&["alarms", "--apply"], "--diff and --apply need --model or --suite");
    refuse(&["alarms", "--suite", "faq"], "--in");
    refuse(&["alarms", "--suite", "a/b", "--in", "."], "is no suite's name");
    refuse(&["alarms", "--suite", "faq", "--in", "."], "has no finished run");
    refuse(&["dashboard"], "name what the dashboard shows");
    refuse(&["dashboard", "--model", MODEL, "--name", "a b"], "cannot name a dashboard");
    refuse(&["dashboard", "--model", MODEL, "--account", "12"], "12 digits");
}

#[test]
fn a_history_that_is_in_part_unusable_says_so() {
    let tool = Tool::alone();
    let mut lines = history(&[MODEL]).replace("2026-01-05", "2199-01-05");
    lines.push_str("{broken\n");
    tool.write("suites/faq/history.jsonl", lines);
    let printed = tool.run(&["monitor", "alarms", "--suite", "faq", "--in", "."]).exits(0);
    assert_eq!(printed.out, "");
    let printed = printed.says("the run `run-5` ended at 2199-01-05").says("set the clock");
    printed.says("has 4 of the 5 runs").says("its application is taken to be Assay").says("no alarms");
}
