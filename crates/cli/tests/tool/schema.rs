//! The published JSON Schema is the one that specs are checked by.

use super::tool::{Tool, workspace};

#[test]
fn the_published_schema_is_what_the_tool_prints() {
    let printed = Tool::alone().run(&["schema"]).exits(0).out;
    let published = std::fs::read_to_string(workspace().join("docs/assay.schema.json")).unwrap();
    assert!(printed == published, "write it anew with `cargo run -- schema > docs/assay.schema.json`");
}
