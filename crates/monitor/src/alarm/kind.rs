//! Which alarms every model gets.

use super::severity::Severity;

/// One of the alarms that every model gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Answers take long.
    Latency,
    /// Calls fail by the service's fault.
    ServerErrors,
    /// Calls fail by the caller's fault.
    ClientErrors,
    /// Calls are refused because of too many.
    Throttles,
    /// The model is used though it is in the state Legacy.
    LegacyUse,
    /// The model's life ends soon.
    EndOfLife,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Latency, Self::ServerErrors, Self::ClientErrors, Self::Throttles, Self::LegacyUse, Self::EndOfLife];

    /// The last part of the alarm's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::ServerErrors => "server-errors",
            Self::ClientErrors => "client-errors",
            Self::Throttles => "throttles",
            Self::LegacyUse => "legacy-use",
            Self::EndOfLife => "end-of-life",
        }
    }

    /// How severe it is when it goes off.
    pub fn severity(self) -> Severity {
        match self {
            Self::ServerErrors => Severity::High,
            Self::Latency | Self::ClientErrors | Self::Throttles | Self::EndOfLife => Severity::Medium,
            Self::LegacyUse => Severity::Low,
        }
    }

    /// How a page calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Latency => "Latency",
            Self::ServerErrors => "Server errors",
            Self::ClientErrors => "Client errors",
            Self::Throttles => "Throttles",
            Self::LegacyUse => "Legacy use",
            Self::EndOfLife => "End of life",
        }
    }
}
