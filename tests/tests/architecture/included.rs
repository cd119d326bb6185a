//! No crate takes in files of another one by their path: what several crates test with lies in a crate.

use std::path::Path;

use super::sources::rust_files;

#[test]
fn no_file_is_taken_from_another_crate_by_its_path() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for folder in super::crate_folders().into_iter().chain([super::workspace().join("tests")]) {
        for file in rust_files(&folder) {
            seen += 1;
            let text = std::fs::read_to_string(&file).expect("a source file");
            let paths = text.lines().filter_map(|line| line.trim().strip_prefix("#[path = \"")?.strip_suffix("\"]"));
            wrong.extend(
                paths.filter(|path| leaves(&file, path, &folder)).map(|path| format!("{}: {path}", file.display())),
            );
        }
    }
    assert!(seen > 600, "the search found only {seen} files");
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Whether `path`, as it is written in `file`, leads out of the crate in `folder`.
fn leaves(file: &Path, path: &str, folder: &Path) -> bool {
    let mut at = file.parent().expect("a folder").to_owned();
    for part in Path::new(path) {
        if part == ".." {
            at.pop();
        } else {
            at.push(part);
        }
    }
    !at.starts_with(folder)
}

#[test]
fn a_path_into_another_crate_is_noticed() {
    let (file, folder) = (Path::new("/w/crates/one/tests/function/main.rs"), Path::new("/w/crates/one"));
    assert!(leaves(file, "../../../two/tests/function/event.rs", folder));
    assert!(!leaves(file, "../memory/event.rs", folder));
}
