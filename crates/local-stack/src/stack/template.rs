//! The real template, with each function's source folder replaced by what was built from it, as `sam build` does.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};

/// The packages whose functions the template deploys, in its order: those its `CodeUri: crates/...` lines name.
pub fn packages(template: &str) -> Vec<String> {
    template.lines().filter_map(package).map(|(_, package)| package.to_owned()).collect()
}

/// The template with `CodeUri` of every function naming the folder that holds its `bootstrap`; all else is untouched.
pub fn with_built_code(template: &str, folders: &BTreeMap<String, impl AsRef<Path>>) -> anyhow::Result<String> {
    let mut lines = Vec::new();
    for line in template.lines() {
        let Some((before, package)) = package(line) else {
            lines.push(line.to_owned());
            continue;
        };
        let folder =
            folders.get(package).with_context(|| format!("nothing was built for `CodeUri: crates/{package}`"))?;
        // A JSON string is a YAML string, whatever the path contains.
        let folder = serde_json::to_string(folder.as_ref()).context("failed to write a folder's name")?;
        lines.push(format!("{before}{folder}"));
    }
    if folders.is_empty() {
        bail!("the template has no line `CodeUri: crates/...`, so there is no function to deploy");
    }
    Ok(lines.join("\n") + "\n")
}

/// The beginning of a `CodeUri` line, up to its value, and the package that it names.
fn package(line: &str) -> Option<(&str, &str)> {
    let package = line.trim_start().strip_prefix("CodeUri:")?.trim().strip_prefix("crates/")?;
    let value = line.find("crates/")?;
    Some((&line[..value], package))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str =
        "Resources:\n  One:\n    Properties:\n      CodeUri: crates/dataset-evaluator\n      Timeout: 900\n";

    #[test]
    fn only_the_source_folder_is_replaced() {
        let folders = BTreeMap::from([("dataset-evaluator".to_owned(), "/a folder/\"x\"")]);
        let edited = with_built_code(TEMPLATE, &folders).unwrap();
        assert_eq!(edited, TEMPLATE.replace("crates/dataset-evaluator", r#""/a folder/\"x\"""#));
    }

    #[test]
    fn packages_are_read_from_the_template() {
        assert_eq!(packages(TEMPLATE), ["dataset-evaluator"]);
    }

    #[test]
    fn a_function_that_was_not_built_is_an_error() {
        let error = with_built_code(TEMPLATE, &BTreeMap::<String, String>::new()).unwrap_err();
        assert!(error.to_string().contains("crates/dataset-evaluator"), "{error}");
    }
}
