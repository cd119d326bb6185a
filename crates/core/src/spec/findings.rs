//! Collects what is wrong with a spec beyond its schema, each as a [`Problem`] with its line.
//!
//! What is wrong is left to the parts of the spec, which know neither file nor lines.

use super::yaml::Lines;
use assay_problem::Problem;

/// The problems of the spec in one file.
pub(super) struct Findings<'a> {
    place: &'a str,
    lines: &'a Lines,
    /// The pointer of the part that is being checked.
    part: String,
    problems: Vec<Problem>,
}

impl<'a> Findings<'a> {
    /// None yet, of the spec in the file `place`.
    pub(super) fn new(place: &'a str, lines: &'a Lines) -> Self {
        Self { place, lines, part: String::new(), problems: Vec::new() }
    }

    /// Notes what is wrong at `place` in the part that is being checked (`metrics/1`; nothing for the part itself), and what would
    /// be right.
    pub(super) fn wrong(&mut self, place: &str, message: impl Into<String>, remedy: impl Into<String>) {
        let pointer = if place.is_empty() { self.part.clone() } else { format!("{}/{place}", self.part) };
        self.problems.push(problem_at(self.place, &pointer, self.lines, message).remedy(remedy));
    }

    /// Checks the part `name`, such as `jobs/0`: the places that `check` names are places in it.
    pub(super) fn in_part(&mut self, name: &str, check: impl FnOnce(&mut Self)) {
        let whole = self.part.len();
        self.part.push('/');
        self.part.push_str(name);
        check(self);
        self.part.truncate(whole);
    }

    /// All that was noted.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}

/// An error in the file `place` at the JSON pointer `pointer`, on its line.
pub(super) fn problem_at(place: &str, pointer: &str, lines: &Lines, message: impl Into<String>) -> Problem {
    let line = lines.get(pointer).copied().unwrap_or(1);
    Problem::error(place, message).on_line(line).in_field(field(pointer))
}

/// A JSON pointer as people write paths: `/models/0/id` is `models[0].id`.
pub(super) fn field(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&part);
        }
    }
    if path.is_empty() { "the spec".to_owned() } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_as_people_write_them() {
        assert_eq!(field("/models/0/inference/top~1p"), "models[0].inference.top/p");
        assert_eq!(field(""), "the spec");
    }

    #[test]
    fn parts_of_parts_have_their_place_and_line() {
        let lines = Lines::from([("/jobs/0".to_owned(), 3), ("/jobs/0/metrics/1".to_owned(), 5)]);
        let mut found = Findings::new("f", &lines);
        found.in_part("jobs", |found| {
            found.in_part("0", |found| {
                found.wrong("", "one", "a");
                found.wrong("metrics/1", "two", "b");
            });
        });
        found.wrong("prompt", "three", "c");
        let told: Vec<String> = found.into_problems().iter().map(Problem::to_string).collect();
        assert_eq!(told, ["f:3: jobs[0]: one; a", "f:5: jobs[0].metrics[1]: two; b", "f:1: prompt: three; c"]);
    }
}
