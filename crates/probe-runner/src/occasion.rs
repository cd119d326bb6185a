//! When something of the schedule is meant to be, and under which name all deliveries of it find it.

use assay_core::spec::stamp;
use assay_problem::Problem;
use assay_store::keys::suite_name;
use jiff::{SignedDuration, Timestamp};

/// What EventBridge Scheduler replaces by the time that it was to fire. An emulator may leave it as it is.
const PLACEHOLDER: &str = "<aws.scheduler.scheduled-time>";
/// A time that is further ahead was not made by a schedule.
const FURTHEST_AHEAD: SignedDuration = SignedDuration::from_hours(1);
/// A time that is further back was not made by a schedule either: none is tried for so long.
const FURTHEST_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// When an event is meant to be, and what tells it from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// The name that every delivery of the same event gets.
    pub id: String,
    /// The time that it counts as.
    pub time: Timestamp,
    /// What is wrong with the time that it brought.
    pub problem: Option<Problem>,
}

impl Occasion {
    /// The occasion of a request that brings no time of its own: Lambda keeps its id when it tries again.
    pub fn of_request(request_id: &str, now: Timestamp) -> Self {
        Self { id: format!("request-{}", suite_name(request_id)), time: now, problem: None }
    }

    /// The occasion of an event of EventBridge, which keeps its id when it delivers again.
    pub fn of_event(event_id: &str, now: Timestamp) -> Self {
        Self { id: format!("event-{}", suite_name(event_id)), time: now, problem: None }
    }

    /// The occasion of a schedule that was to fire `at` this time. What is no time, and one that no schedule can mean, count as
    /// now.
    pub fn at(at: &str, request_id: &str, now: Timestamp) -> Self {
        let wrong =
            |message: String, remedy: &str| Some(Problem::warning("event", message).in_field("at").remedy(remedy));
        let Ok(time) = at.parse::<Timestamp>() else {
            let problem = match at {
                PLACEHOLDER => None,
                _ => wrong(format!("`{at}` is no timestamp, so now counts"), "write <aws.scheduler.scheduled-time>"),
            };
            return Self { problem, ..Self::of_request(request_id, now) };
        };
        let problem = match now.duration_since(time) {
            late if late > FURTHEST_BACK => wrong(
                format!("{time} is more than a week ago, so now counts"),
                "look why the schedule's event came so late, and whether the clock is right",
            ),
            late if -late > FURTHEST_AHEAD => {
                wrong(format!("{time} lies ahead, so now counts"), "look whether the clock of whoever sent it is right")
            }
            _ => None,
        };
        match problem {
            // Not the name of that time either: whoever sends the same one again would be told that it was done before.
            Some(problem) => Self { problem: Some(problem), ..Self::of_request(request_id, now) },
            None => Self { id: stamp(time), time, problem: None },
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T06:05:00Z".parse().unwrap()
    }

    #[test]
    fn a_schedule_s_time_is_name_and_time() {
        let occasion = Occasion::at("2026-11-23T06:00:00Z", "r", now());
        let time = "2026-11-23T06:00:00Z".parse().unwrap();
        assert_eq!(occasion, Occasion { id: "20261123T060000Z".to_owned(), time, problem: None });
        // With another offset it is the same moment.
        assert_eq!(Occasion::at("2026-11-23T07:00:00+01:00", "other", now()), occasion);
    }

    #[test]
    fn a_time_that_was_not_filled_in_is_now() {
        let occasion = Occasion::at("<aws.scheduler.scheduled-time>", "8a/b", now());
        assert_eq!(occasion, Occasion { id: "request-8a-b".to_owned(), time: now(), problem: None });
        let occasion = Occasion::at("yesterday", "8a", now());
        assert_eq!((occasion.id.as_str(), occasion.time), ("request-8a", now()));
        let said = occasion.problem.unwrap().to_string();
        assert!(said.contains("`yesterday` is no timestamp") && said.contains("scheduled-time"), "{said}");
    }

    #[test]
    fn a_time_that_no_schedule_means_is_told_and_counts_as_now() {
        for (at, said) in [
            ("2026-11-01T06:00:00Z", "more than a week ago"),
            ("2031-01-01T00:00:00Z", "lies ahead"),
            ("0001-01-01T00:00:00Z", "more than a week ago"),
        ] {
            let occasion = Occasion::at(at, "r", now());
            assert_eq!((occasion.id.as_str(), occasion.time), ("request-r", now()));
            assert!(occasion.problem.unwrap().to_string().contains(said), "{at}");
        }
        // Hours of retries and a clock that is minutes ahead are nothing special.
        for at in ["2026-11-20T06:00:00Z", "2026-11-23T06:30:00Z"] {
            assert_eq!(Occasion::at(at, "r", now()).problem, None, "{at}");
        }
    }
}
