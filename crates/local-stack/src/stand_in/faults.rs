//! Decides at each call which fault, if any, meets it.
//!
//! The rules themselves are in `behaviour`; this file keeps their counts and knows nothing of HTTP.

use tokio::sync::watch;

use super::behaviour::{Behaviour, Cadence, Fault, FaultRule};

/// A call, as far as rules look at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meeting<'a> {
    /// The operation, for example `Converse`.
    pub(crate) operation: &'static str,
    /// The decoded model id or ARN.
    pub(crate) model: &'a str,
    /// The whole prompt.
    pub(crate) prompt: &'a str,
    /// A number that stands for model and prompt together.
    pub(crate) fingerprint: u64,
    /// How many calls with this model and prompt came before.
    pub(crate) earlier_calls: u64,
}

/// The behaviour in force, and how often each of its rules matched and fired.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan {
    behaviour: Behaviour,
    counts: Vec<RuleCounts>,
    /// Dropped with the plan, which releases the calls that are held.
    in_force: watch::Sender<()>,
}

#[derive(Debug, Default, Clone)]
struct RuleCounts {
    matched: u64,
    fired: u64,
}

impl FaultPlan {
    pub(crate) fn new(behaviour: Behaviour) -> Self {
        let counts = vec![RuleCounts::default(); behaviour.faults.len()];
        Self { behaviour, counts, in_force: watch::Sender::default() }
    }

    pub(crate) fn behaviour(&self) -> &Behaviour {
        &self.behaviour
    }

    pub(crate) fn knows(&self, model: &str) -> bool {
        self.behaviour.known_models.as_ref().is_none_or(|known| known.iter().any(|id| id == model))
    }

    /// Returns once another plan has replaced this one.
    pub(crate) fn replaced(&self) -> impl Future<Output = ()> + use<> {
        let mut in_force = self.in_force.subscribe();
        async move { while in_force.changed().await.is_ok() {} }
    }

    /// The fault for this call. Every matching rule counts the call, also when an earlier rule has taken it, so that
    /// "every fifth" keeps its meaning beside other rules.
    pub(crate) fn meet(&mut self, call: Meeting<'_>) -> Option<Fault> {
        let mut chosen = None;
        for (index, (rule, counts)) in self.behaviour.faults.iter().zip(&mut self.counts).enumerate() {
            if !matches(rule, call) {
                continue;
            }
            counts.matched += 1;
            let due = chosen.is_none()
                && counts.matched > rule.after
                && rule.times.is_none_or(|times| counts.fired < times)
                && match rule.cadence {
                    Cadence::Always => true,
                    Cadence::Every(n) => (counts.matched - rule.after).is_multiple_of(n.get()),
                    Cadence::Rate(share) => draw(self.behaviour.seed, index, call) < share,
                };
            if due {
                counts.fired += 1;
                chosen = Some(rule.fault.clone());
            }
        }
        chosen
    }
}

fn matches(rule: &FaultRule, call: Meeting<'_>) -> bool {
    rule.operation.as_ref().is_none_or(|operation| operation == call.operation)
        && rule.model.as_ref().is_none_or(|model| model == call.model)
        && rule.prompt_contains.as_ref().is_none_or(|text| call.prompt.contains(text))
}

/// A number in [0, 1) that depends on nothing but its arguments.
fn draw(seed: u64, rule: usize, call: Meeting<'_>) -> f64 {
    let mut mixed = mix(seed ^ 0x9e37_79b9_7f4a_7c15);
    for part in [rule as u64, call.fingerprint, call.earlier_calls] {
        mixed = mix(mixed ^ part);
    }
    // The upper 53 bits fill a double's mantissa evenly.
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
pub(crate) fn mix(value: u64) -> u64 {
    let mut mixed = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn call(number: u64) -> Meeting<'static> {
        Meeting {
            operation: "Converse",
            model: "nova",
            prompt: "What is the capital?",
            fingerprint: mix(number),
            earlier_calls: 0,
        }
    }

    fn fired(plan: &mut FaultPlan, calls: u64) -> Vec<u64> {
        (1..=calls).filter(|n| plan.meet(call(*n)).is_some()).collect()
    }

    #[test]
    fn every_nth_matching_call_is_met_and_times_ends_it() {
        let rule = FaultRule::every(3, Fault::ServerError).times(2);
        let mut plan = FaultPlan::new(Behaviour::default().with(rule));
        assert_eq!(fired(&mut plan, 12), [3, 6]);
    }

    #[test]
    fn the_first_calls_are_left_alone_and_do_not_count() {
        let rule = FaultRule::every(3, Fault::ServerError).after(4).times(2);
        let mut plan = FaultPlan::new(Behaviour::default().with(rule));
        assert_eq!(fired(&mut plan, 20), [7, 10]);
    }

    #[test]
    fn filters_hold_for_operation_model_and_prompt() {
        let other_model = FaultRule::always(Fault::Denied).for_model("other");
        let other_prompt = FaultRule::always(Fault::NotFound).for_prompt("river");
        let other_operation = FaultRule::always(Fault::ServerError).for_operation("InvokeModel");
        let both =
            FaultRule::always(Fault::Unavailable).for_operation("Converse").for_model("nova").for_prompt("capital");
        let mut plan =
            FaultPlan::new(Behaviour::default().with(other_operation).with(other_model).with(other_prompt).with(both));
        assert_eq!(plan.meet(call(1)), Some(Fault::Unavailable));
    }

    #[test]
    fn the_first_rule_that_fires_decides_and_the_others_still_count() {
        let mut plan = FaultPlan::new(
            Behaviour::default()
                .with(FaultRule::always(Fault::Denied).times(1))
                .with(FaultRule::every(2, Fault::NotFound)),
        );
        let met: Vec<_> = (1..=4).map(|n| plan.meet(call(n))).collect();
        assert_eq!(met, [Some(Fault::Denied), Some(Fault::NotFound), None, Some(Fault::NotFound)]);
    }

    #[test]
    fn a_rate_is_met_and_does_not_depend_on_the_order() {
        let behaviour = Behaviour::default().with(FaultRule::rate(0.2, Fault::ModelError));
        let forwards = fired(&mut FaultPlan::new(behaviour.clone()), 10_000);
        assert!((1_900..2_100).contains(&forwards.len()), "{}", forwards.len());

        let mut plan = FaultPlan::new(behaviour.clone());
        let mut backwards: Vec<u64> = (1..=10_000).rev().filter(|n| plan.meet(call(*n)).is_some()).collect();
        backwards.reverse();
        assert_eq!(forwards, backwards);

        let other_seed = Behaviour { seed: 1, ..behaviour };
        assert_ne!(forwards, fired(&mut FaultPlan::new(other_seed), 10_000));
    }

    #[test]
    fn asking_again_draws_again() {
        let behaviour = Behaviour::default().with(FaultRule::rate(0.5, Fault::ModelError));
        let mut plan = FaultPlan::new(behaviour);
        let met: Vec<bool> =
            (0..64).map(|earlier_calls| plan.meet(Meeting { earlier_calls, ..call(1) }).is_some()).collect();
        assert!(met.contains(&true) && met.contains(&false));
    }

    #[test]
    fn only_known_models_exist_when_they_are_listed() {
        assert!(FaultPlan::default().knows("anything"));
        let plan = FaultPlan::new(Behaviour { known_models: Some(vec!["nova".to_owned()]), ..Behaviour::default() });
        assert!(plan.knows("nova") && !plan.knows("other"));
    }
}
