//! What depends on what, as Cargo resolves it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// The packages of the workspace and everything below them.
pub(crate) struct Packages {
    names: BTreeMap<String, String>,
    /// For each package by its id: the ids of its dependencies, and whether tests alone need them.
    dependencies: BTreeMap<String, Vec<(String, bool)>>,
}

impl Packages {
    /// Asks Cargo, without a network.
    pub(crate) fn read() -> Self {
        let arguments = ["metadata", "--format-version", "1", "--locked", "--offline"];
        let output = Command::new(env!("CARGO")).args(arguments).current_dir(super::workspace()).output();
        let output = output.expect("cargo metadata");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let list = |value: &Value| value.as_array().expect("a list").clone();
        let names =
            list(&metadata["packages"]).iter().map(|found| (text(&found["id"]), text(&found["name"]))).collect();
        let dependencies = list(&metadata["resolve"]["nodes"])
            .iter()
            .map(|node| {
                let dependencies = list(&node["deps"]).into_iter().map(|found| {
                    let for_tests = list(&found["dep_kinds"]).iter().all(|kind| kind["kind"] == "dev");
                    (text(&found["pkg"]), for_tests)
                });
                (text(&node["id"]), dependencies.collect())
            })
            .collect();
        Self { names, dependencies }
    }

    /// The names of what the package `name` depends on by itself; with `tests`, also for its tests.
    pub(crate) fn direct(&self, name: &str, tests: bool) -> BTreeSet<&str> {
        let found = self.dependencies[self.id(name)].iter().filter(|(_, for_tests)| tests || !for_tests);
        found.map(|(id, _)| self.names[id].as_str()).collect()
    }

    /// The names of everything that the package `name` needs; with `tests`, also what its tests need.
    pub(crate) fn all(&self, name: &str, tests: bool) -> BTreeSet<&str> {
        let start = self.dependencies[self.id(name)].iter().filter(|(_, for_tests)| tests || !for_tests);
        let mut open: Vec<&str> = start.map(|(id, _)| id.as_str()).collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(
                    self.dependencies[id].iter().filter(|(_, for_tests)| !for_tests).map(|(id, _)| id.as_str()),
                );
            }
        }
        seen.into_iter().map(|id| self.names[id].as_str()).collect()
    }

    fn id(&self, name: &str) -> &str {
        let found = self.names.iter().find(|(_, found)| *found == name);
        found.unwrap_or_else(|| panic!("no package is called {name}")).0
    }
}
