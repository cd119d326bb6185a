//! What is found to be wrong with one job.

/// The problems of one job.
pub(super) struct Told {
    pub(super) index: usize,
    pub(super) found: Vec<(String, String, String)>,
}

impl Told {
    /// Notes what is wrong at `place` in the job (`metrics/1`; nothing for the job itself), and what would be right.
    pub(super) fn wrong(&mut self, place: &str, message: impl Into<String>, remedy: impl Into<String>) {
        let job = format!("/jobs/{}", self.index);
        let pointer = if place.is_empty() { job } else { format!("{job}/{place}") };
        self.found.push((pointer, message.into(), remedy.into()));
    }
}

/// Names as people list them: `a, b and c`.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
