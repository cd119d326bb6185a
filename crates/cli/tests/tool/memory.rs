//! Memory does not grow with the dataset.

use super::tool::Tool;
use std::fmt::Write;
use std::fs;
use std::time::Duration;

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
    let mut running = tool.start(&["run", &name, "--out", &out]);
    let status = format!("/proc/{}/status", running.id());
    let mut peak = 0;
    while running.is_alive() {
        // The system keeps the greatest value itself, so the last look before the end is enough.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = kilobytes.map_or(peak, |kilobytes| kilobytes * 1024);
        std::thread::sleep(Duration::from_millis(2));
    }
    running.wait().exits(0);
    let summary = tool.json(&format!("{out}/summary.json"));
    assert_eq!(summary["models"][0]["scores"]["relevance"]["n"], lines);
    peak
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "needs /proc")]
fn a_hundred_thousand_lines_take_hardly_more_than_two_thousand() {
    let tool = Tool::alone();
    tool.write("assay.yaml", "scorers: [relevance]\n");
    let (small, large) = (peak(&tool, 2_000), peak(&tool, 100_000));
    println!("peak memory: {small} bytes at 2,000 lines, {large} at 100,000");
    assert!(small > 0 && large < 2 * small, "{small} bytes at 2,000 lines, {large} at 100,000");
    assert!(large < 100 * 1024 * 1024, "{large} bytes");
}
