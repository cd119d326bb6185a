//! How severe an alarm is, told along with it.

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::json;

/// How severe it is when an alarm goes off. The alarm has it as its tag `severity`, and CloudWatch sends its tags along with
/// everything that it tells, so whoever passes messages on can go by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Something failed, or got worse: look at once.
    High,
    /// Something is slow, refused or near its end: look today.
    Medium,
    /// Something is to be planned.
    Low,
}

impl Severity {
    /// The key of the tag.
    pub const TAG: &str = "severity";

    /// The value of the tag.
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// The tag, and that it is sent along, in the words of the API.
impl Serialize for Severity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Severity", 2)?;
        fields.serialize_field("Tags", &json!([{"Key": Self::TAG, "Value": self.name()}]))?;
        fields.serialize_field("ActionConfiguration", &json!({"AlarmTagsPropagation": {"Enabled": true}}))?;
        fields.end()
    }
}
