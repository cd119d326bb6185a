//! The names under which recorded answers are known: those that were written, and those that the service takes.

use serde::{Deserialize, Serialize};

/// The longest name that the service takes, in characters.
const LONGEST: usize = 256;

/// Who is said to have given recorded answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedSource {
    /// As the dataset names it.
    pub name: String,
    /// As the clean copy names it and the job has to name it: the same, but for characters that the service refuses,
    /// such as the `:` of model ids.
    pub identifier: String,
}

/// The sources of one file, in the order of their appearance.
#[derive(Debug, Clone, Default)]
pub(super) struct Sources {
    list: Vec<RecordedSource>,
    most: usize,
}

impl Sources {
    /// At most `most` of them.
    pub(super) fn new(most: usize) -> Self {
        Self { list: Vec::new(), most }
    }

    /// All so far.
    pub(super) fn list(&self) -> &[RecordedSource] {
        &self.list
    }

    /// The identifier of `name`.
    ///
    /// # Errors
    /// What is wrong with the name, and what would be right.
    pub(super) fn take(&mut self, name: &str) -> Result<String, (String, String)> {
        if let Some(known) = self.list.iter().find(|source| source.name == name) {
            return Ok(known.identifier.clone());
        }
        let Some(identifier) = identifier(name) else {
            let message = format!("`{name}` has no letter or digit");
            return Err((message, "name it by letters, digits, `.`, `_` and `-`".to_owned()));
        };
        if self.list.len() == self.most {
            let known: Vec<String> = self.list.iter().map(|source| format!("`{}`", source.name)).collect();
            let message =
                format!("`{name}` beside {}: a file of this job names {} at most", known.join(", "), self.most);
            return Err((message, "give each a file of its own".to_owned()));
        }
        if let Some(other) = self.list.iter().find(|source| source.identifier == identifier) {
            let message = format!("`{name}` and `{}` are both `{identifier}` to the service", other.name);
            return Err((message, "rename one of them".to_owned()));
        }
        self.list.push(RecordedSource { name: name.to_owned(), identifier: identifier.clone() });
        Ok(identifier)
    }
}

/// `name` as the service takes it, by its pattern `[a-zA-Z0-9]([a-zA-Z0-9._-]){0,255}`; none where nothing is left.
fn identifier(name: &str) -> Option<String> {
    let begun = name.trim_start_matches(|letter: char| !letter.is_ascii_alphanumeric());
    let safe = |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '-' };
    let identifier: String = begun.chars().map(safe).take(LONGEST).collect();
    (!identifier.is_empty()).then_some(identifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_service_refuses_becomes_a_hyphen() {
        for (name, safe) in [
            ("amazon.nova-lite-v1:0", "amazon.nova-lite-v1-0"),
            ("arn:aws:bedrock:us-east-1::foundation-model/m", "arn-aws-bedrock-us-east-1--foundation-model-m"),
            ("our model", "our-model"),
            ("_x", "x"),
            ("a._-Z9", "a._-Z9"),
            ("é1", "1"),
        ] {
            assert_eq!(identifier(name).as_deref(), Some(safe), "{name}");
        }
        assert_eq!(identifier("::"), None);
        assert_eq!(identifier(&"x".repeat(300)).map(|name| name.len()), Some(256));
    }

    #[test]
    fn a_name_keeps_its_identifier_and_no_two_share_one() {
        let mut sources = Sources::new(2);
        assert_eq!(sources.take("a:b"), Ok("a-b".to_owned()));
        assert_eq!(sources.take("a:b"), Ok("a-b".to_owned()));
        let (message, _) = sources.take("a/b").unwrap_err();
        assert_eq!(message, "`a/b` and `a:b` are both `a-b` to the service");
        assert_eq!(sources.take("c"), Ok("c".to_owned()));
        let (message, remedy) = sources.take("d").unwrap_err();
        assert_eq!(message, "`d` beside `a:b`, `c`: a file of this job names 2 at most");
        assert_eq!(remedy, "give each a file of its own");
    }
}
