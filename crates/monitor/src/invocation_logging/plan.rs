//! What may be changed when logging is turned on. Pure.

use super::{Delivered, Logging, LoggingSetting, Retention};
use assay_model::ServiceError;
use assay_problem::{Classified, ErrorClass, ErrorKind};

/// The retentions that CloudWatch Logs takes, in days, as its API describes PutRetentionPolicy.
pub const RETENTIONS: [i32; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// What somebody wants to have turned on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The log group; it is made where it is missing.
    pub log_group: String,
    /// The role that writes into it.
    pub role: String,
    /// For how many days events are kept: one of [`RETENTIONS`].
    pub retention_days: i32,
    /// What is delivered.
    pub delivered: Delivered,
    /// Whether a setting that is there may be replaced.
    pub replace: bool,
}

/// Why logging was not turned on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnableError {
    /// Something that was given cannot be right.
    #[error("{0}")]
    Wrong(String),
    /// Something else is set already.
    #[error("{0}; nothing was changed")]
    Set(String),
    /// A service refuses.
    #[error("{0}")]
    Service(#[from] ServiceError),
}

impl Classified for EnableError {
    fn classify(&self) -> ErrorClass {
        match self {
            Self::Wrong(_) | Self::Set(_) => ErrorKind::User.named("ServiceRefused"),
            Self::Service(error) => error.classify(),
        }
    }
}

impl Wanted {
    /// What of this cannot be right, before anything is asked.
    ///
    /// # Errors
    /// The first thing that is wrong, and what would be right.
    pub fn check(&self) -> Result<(), EnableError> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "._-/#".contains(c);
        if self.log_group.is_empty() || self.log_group.len() > 512 || !self.log_group.chars().all(is_name) {
            let message = format!("`{}` is no name of a log group: letters, digits and . _ - / #", self.log_group);
            return Err(EnableError::Wrong(message));
        }
        let resource = self.role.strip_prefix("arn:").and_then(|rest| rest.split_once(":iam::"));
        let name = resource.and_then(|(_, rest)| rest.split_once(":role/")).map(|(_, name)| name);
        if name.is_none_or(str::is_empty) {
            let message = format!("`{}` is no ARN of a role: give `arn:aws:iam::<account>:role/<name>`", self.role);
            return Err(EnableError::Wrong(message));
        }
        if !RETENTIONS.contains(&self.retention_days) {
            let days: Vec<String> = RETENTIONS.iter().map(ToString::to_string).collect();
            let message = format!("{} days are no retention that there is: {}", self.retention_days, days.join(", "));
            return Err(EnableError::Wrong(message));
        }
        Ok(())
    }

    /// The setting to write over what is `there`, none where it is as wanted already. `retention` is that of the wanted log
    /// group. What is not named stays as it is: S3, large data, other kinds that are delivered.
    ///
    /// # Errors
    /// When something else is set, and it is not to be replaced.
    pub fn over(&self, there: &Logging, retention: &Retention) -> Result<Option<LoggingSetting>, EnableError> {
        let before = there.setting.as_ref().filter(|setting| setting.is_on());
        let kept = before.cloned().unwrap_or_default();
        let setting = LoggingSetting {
            log_group: Some(self.log_group.clone()),
            role: Some(self.role.clone()),
            delivered: kept.delivered.or(self.delivered),
            ..kept
        };
        let is_same = before == Some(&setting);
        if before.is_some() && !is_same && !self.replace {
            let message = "invocation logging is on with another setting (above); --replace changes log group, role and \
                           what is delivered, and leaves the rest";
            return Err(EnableError::Set(message.to_owned()));
        }
        let other = match retention {
            Retention::Days(days) if *days != self.retention_days => Some(format!("keeps events for {days} days")),
            Retention::Forever => Some("keeps events for good".to_owned()),
            _ => None,
        };
        if let Some(other) = other.filter(|_| !self.replace) {
            let message = format!(
                "the log group `{}` is there and {other}; --replace sets {} days, and older events are deleted",
                self.log_group, self.retention_days
            );
            return Err(EnableError::Set(message));
        }
        Ok((!is_same).then_some(setting))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn wanted() -> Wanted {
        Wanted {
            log_group: "/bedrock/calls".to_owned(),
            role: "arn:aws:iam::111122223333:role/logs".to_owned(),
            retention_days: 30,
            delivered: Delivered { text: true, ..Delivered::default() },
            replace: false,
        }
    }

    fn there(group: &str) -> Logging {
        let setting = LoggingSetting {
            log_group: Some(group.to_owned()),
            role: Some("arn:aws:iam::111122223333:role/logs".to_owned()),
            s3: Some("s3://bkt".to_owned()),
            delivered: Delivered { text: true, images: true, ..Delivered::default() },
            ..LoggingSetting::default()
        };
        Logging { setting: Some(setting), retention: None }
    }

    #[test]
    fn nothing_that_is_set_is_changed_in_silence() {
        let new = wanted().over(&Logging::default(), &Retention::GroupMissing).unwrap().unwrap();
        assert_eq!(new.delivered.words(), "text");
        let refused = wanted().over(&there("other"), &Retention::GroupMissing).unwrap_err().to_string();
        assert!(refused.contains("--replace") && refused.ends_with("nothing was changed"), "{refused}");
        assert_eq!(wanted().over(&there("/bedrock/calls"), &Retention::Days(30)), Ok(None));
        for retention in [Retention::Days(7), Retention::Forever] {
            let refused = wanted().over(&Logging::default(), &retention).unwrap_err().to_string();
            assert!(refused.contains("sets 30 days, and older events are deleted"), "{refused}");
        }
        let replacing = Wanted { replace: true, ..wanted() };
        let setting = replacing.over(&there("other"), &Retention::Forever).unwrap().unwrap();
        assert_eq!(setting, there("/bedrock/calls").setting.unwrap(), "S3 and images stay");
    }

    #[test]
    fn what_cannot_be_right_is_told_before_anything_is_asked() {
        assert_eq!(wanted().check(), Ok(()));
        for (wanted, said) in [
            (Wanted { log_group: "a b".to_owned(), ..wanted() }, "no name of a log group"),
            (Wanted { log_group: String::new(), ..wanted() }, "no name of a log group"),
            (Wanted { role: "logs".to_owned(), ..wanted() }, "no ARN of a role"),
            (Wanted { role: "arn:aws:iam::1:role/".to_owned(), ..wanted() }, "no ARN of a role"),
            (Wanted { retention_days: 31, ..wanted() }, "31 days are no retention that there is: 1, 3, 5"),
        ] {
            let told = wanted.check().unwrap_err().to_string();
            assert!(told.contains(said), "{told}");
        }
    }
}
