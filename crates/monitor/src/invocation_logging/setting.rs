//! The setting as plain values, and in words. Pure.

use serde::Serialize;

/// What of a call is delivered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// Prompts and answers in text.
    pub text: bool,
    /// Images.
    pub images: bool,
    /// Embeddings.
    pub embeddings: bool,
    /// Video.
    pub video: bool,
    /// Audio.
    pub audio: bool,
}

/// Where invocations are logged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LoggingSetting {
    /// The log group of CloudWatch Logs.
    pub log_group: Option<String>,
    /// The role that writes into it.
    pub role: Option<String>,
    /// Where bodies above 100 KB and binary ones go that are too large for the log group, as `s3://bucket/prefix`.
    pub large_data: Option<String>,
    /// Where everything goes in S3, as `s3://bucket/prefix`.
    pub s3: Option<String>,
    /// What is delivered.
    pub delivered: Delivered,
}

/// For how long the log group keeps what is logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Retention {
    /// So many days.
    Days(i32),
    /// For good.
    Forever,
    /// There is no such log group, so nothing is logged there.
    GroupMissing,
    /// It could not be looked at: why.
    Unknown(String),
}

/// The account's state in one Region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Logging {
    /// The setting; none where logging is off.
    pub setting: Option<LoggingSetting>,
    /// For how long the log group keeps events; none where there is no log group in the setting.
    pub retention: Option<Retention>,
}

impl Delivered {
    /// What is delivered, as a list: `text, images`; `nothing`.
    pub fn words(self) -> String {
        let named = [
            (self.text, "text"),
            (self.images, "images"),
            (self.embeddings, "embeddings"),
            (self.video, "video"),
            (self.audio, "audio"),
        ];
        let words: Vec<&str> = named.into_iter().filter(|(is_on, _)| *is_on).map(|(_, word)| word).collect();
        if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
    }

    /// What either delivers.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            text: self.text || other.text,
            images: self.images || other.images,
            embeddings: self.embeddings || other.embeddings,
            video: self.video || other.video,
            audio: self.audio || other.audio,
        }
    }
}

impl LoggingSetting {
    /// Whether anything is logged anywhere.
    pub fn is_on(&self) -> bool {
        self.log_group.is_some() || self.s3.is_some()
    }
}

impl Logging {
    /// The log group, if logging goes to one.
    pub fn log_group(&self) -> Option<&str> {
        self.setting.as_ref()?.log_group.as_deref()
    }

    /// The state in words, a line each.
    pub fn words(&self) -> Vec<String> {
        let Some(setting) = self.setting.as_ref().filter(|setting| setting.is_on()) else {
            return vec!["invocation logging is off in this account and Region".to_owned()];
        };
        let mut lines = vec!["invocation logging is on".to_owned()];
        match &setting.log_group {
            Some(group) => {
                let kept = match &self.retention {
                    Some(Retention::Days(days)) => format!("events are kept for {days} days"),
                    Some(Retention::Forever) => {
                        "events are kept for good, prompts and answers among them; set a retention".to_owned()
                    }
                    Some(Retention::GroupMissing) => "which does not exist, so nothing is logged there".to_owned(),
                    Some(Retention::Unknown(why)) => format!("for how long events are kept is unknown: {why}"),
                    None => "for how long events are kept is unknown".to_owned(),
                };
                lines.push(format!("log group   {group}; {kept}"));
            }
            None => lines.push("log group   none: `assay logs` needs one".to_owned()),
        }
        let facts = [("role", &setting.role), ("large data", &setting.large_data), ("S3", &setting.s3)];
        lines.extend(facts.iter().filter_map(|(name, value)| Some(format!("{name:<11} {}", value.as_ref()?))));
        lines.push(format!("{:<11} {}", "delivered", setting.delivered.words()));
        if !setting.delivered.text {
            lines.push("without text, records have neither latency nor reasons for stopping".to_owned());
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_told_in_words() {
        let off = ["invocation logging is off in this account and Region"];
        assert_eq!(Logging::default().words(), off);
        let empty = Logging { setting: Some(LoggingSetting::default()), retention: None };
        assert_eq!(empty.words(), off, "a setting without a target logs nothing");
        let setting = LoggingSetting {
            log_group: Some("/bedrock/calls".to_owned()),
            role: Some("arn:aws:iam::111122223333:role/logs".to_owned()),
            s3: Some("s3://bkt/prefix".to_owned()),
            delivered: Delivered { text: true, audio: true, ..Delivered::default() },
            ..LoggingSetting::default()
        };
        let on = Logging { setting: Some(setting), retention: Some(Retention::Days(30)) };
        let lines = [
            "invocation logging is on",
            "log group   /bedrock/calls; events are kept for 30 days",
            "role        arn:aws:iam::111122223333:role/logs",
            "S3          s3://bkt/prefix",
            "delivered   text, audio",
        ];
        assert_eq!(on.words(), lines);
    }
}
