//! What users narrow a question down to. Pure.
//!
//! A value goes into the text of a query, so it may hold only what ids and ARNs can hold: no character that could end the
//! quotes around it is among them.

/// The longest value: the longest ARN that the service takes.
const LONGEST: usize = 2048;

/// A part of a model's or caller's name, safe to be put into a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named(String);

/// A value that cannot be a part of a model id or an ARN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NamedError {
    /// Nothing.
    #[error("it is empty; give a model id, an ARN, or a part of one")]
    Empty,
    /// Longer than any ARN.
    #[error("it has {0} characters; ids and ARNs have at most {LONGEST}")]
    Long(usize),
    /// A character that is in no id and no ARN.
    #[error("it holds {0:?}; ids and ARNs consist of letters of ASCII, digits and . : / - _ + = , @")]
    Character(char),
}

impl Named {
    /// Takes `text` where it can be a part of a model id or an ARN.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<Self, NamedError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || ".:/-_+=,@".contains(c);
        match text.chars().find(|c| !allowed(*c)) {
            _ if text.is_empty() => Err(NamedError::Empty),
            Some(c) => Err(NamedError::Character(c)),
            None if text.len() > LONGEST => Err(NamedError::Long(text.len())),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The text, in quotes, as a query takes it.
    pub(super) fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }
}

impl std::str::FromStr for Named {
    type Err = NamedError;

    fn from_str(text: &str) -> Result<Self, NamedError> {
        Self::new(text)
    }
}

/// Which calls are looked at; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only calls whose model id, as it was invoked, contains this: an id thus also finds the profiles and ARNs with it.
    pub model: Option<Named>,
    /// Only calls by whose caller's ARN contains this: the name of a role finds all of its sessions.
    pub caller: Option<Named>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ids_and_arns_are_taken_and_what_could_end_the_quotes_is_not() {
        for text in [
            "amazon.nova-lite-v1:0",
            "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0",
            "arn:aws:sts::111122223333:assumed-role/Role_With+=,.@-Name/i-0abc",
        ] {
            assert_eq!(Named::new(text).unwrap().quoted(), format!("\"{text}\""));
        }
        for (text, wrong) in [
            ("a\"b", '"'),
            ("a\\", '\\'),
            ("a|b", '|'),
            ("a b", ' '),
            ("a\nb", '\n'),
            ("`a`", '`'),
            ("a'b", '\''),
            ("/a/) or (1", ')'),
            ("é", 'é'),
            ("a#b", '#'),
        ] {
            assert_eq!(Named::new(text), Err(NamedError::Character(wrong)), "{text}");
        }
        assert_eq!(Named::new(""), Err(NamedError::Empty));
        assert_eq!(Named::new(&"a".repeat(2049)), Err(NamedError::Long(2049)));
        let told = Named::new("a\"b").unwrap_err().to_string();
        assert_eq!(told, r#"it holds '"'; ids and ARNs consist of letters of ASCII, digits and . : / - _ + = , @"#);
    }
}
