//! Memory does not grow with the dataset.

use super::tool::Tool;
use std::fmt::Write;

/// The most memory that a run of so many recorded lines ever held, in bytes.
fn peak(tool: &Tool, lines: usize) -> u64 {
    let mut dataset = String::new();
    for number in 0..lines {
        let _ = writeln!(
            dataset,
            "{{\"id\":\"case-{number}\",\"prompt\":\"Question {number}\",\"referenceResponse\":\"an answer {number}\",\
             \"modelResponses\":[{{\"response\":\"answer {number}\",\"modelIdentifier\":\"m\"}}]}}"
        );
    }
    let name = format!("cases-{lines}.jsonl");
    tool.write(&name, dataset);
    let out = format!("out-{lines}");
    let mut program = tool.command("python3");
    let ended =
        program.args(["-c", MEASURE, env!("CARGO_BIN_EXE_assay"), "run", &name, "--out", &out]).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let kilobytes: u64 = String::from_utf8_lossy(&ended.stdout).lines().last().unwrap().parse().unwrap();
    let summary = tool.json(&format!("{out}/summary.json"));
    assert_eq!(summary["models"][0]["scores"]["relevance"]["n"], lines);
    kilobytes * 1024
}

/// Runs a program, and prints its peak memory in kilobytes, which the system reports when the process has ended.
const MEASURE: &str = "import os, sys
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(process, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))";

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "other systems report other units")]
fn a_hundred_thousand_lines_take_hardly_more_than_two_thousand() {
    let tool = Tool::alone();
    tool.write("assay.yaml", "scorers: [relevance]\n");
    let (small, large) = (peak(&tool, 2_000), peak(&tool, 100_000));
    println!("peak memory: {small} bytes at 2,000 lines, {large} at 100,000");
    assert!(small > 0 && large < 2 * small, "{small} bytes at 2,000 lines, {large} at 100,000");
    assert!(large < 100 * 1024 * 1024, "{large} bytes");
}
