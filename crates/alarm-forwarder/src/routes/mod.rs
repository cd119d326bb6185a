//! Who is told of what: the secret's text as webhooks or channels, and which alerts go where.

mod destination;
mod pattern;
mod read;

pub use destination::{Channel, Destination, Webhook};

use crate::alert::Alert;
use pattern::matches;

/// All that the secret says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routes {
    /// Where alerts go that no route is for.
    default: Destination,
    routes: Vec<Route>,
}

/// Where some alerts go. A condition that is not given holds for all.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Route {
    severity: Vec<String>,
    team: Vec<String>,
    name: Vec<String>,
    destination: Destination,
}

impl Routes {
    /// Where an alert goes: everywhere a route for it leads, each destination once; where there is no route for it, to the
    /// default.
    pub fn of(&self, alert: &Alert) -> Vec<&Destination> {
        let mut found: Vec<&Destination> = Vec::new();
        for route in self.routes.iter().filter(|route| route.is_for(alert)) {
            if !found.contains(&&route.destination) {
                found.push(&route.destination);
            }
        }
        if found.is_empty() { vec![&self.default] } else { found }
    }
}

impl Route {
    fn is_for(&self, alert: &Alert) -> bool {
        let holds = |wanted: &[String], found: Option<&str>| {
            wanted.is_empty() || found.is_some_and(|found| wanted.iter().any(|wanted| matches(wanted, found)))
        };
        holds(&self.severity, alert.severity.as_deref())
            && holds(&self.team, alert.team.as_deref())
            && holds(&self.name, Some(&alert.title))
    }
}

#[cfg(test)]
mod tests;
