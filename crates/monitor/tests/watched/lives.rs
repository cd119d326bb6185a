//! The life of models as the service tells it: by id, profile and ARN, and whatever else it answers.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{bedrock, settings};
use assay_monitor::lifecycle::{Catalogue, LifeState, LookLimits, ModelLife};
use assay_testing::clock::{Clock, until};
use jiff::Timestamp;
use local_stack::stand_in::{Behaviour, Call, Fault, FaultRule, LifeStatus, ModelLife as Scripted, Outcome, StandIn};
use tokio::time::Instant;

const LITE: &str = "amazon.nova-lite-v1:0";
const APPLICATION: &str = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdefgh1234";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn look(served: &StandIn, models: &[&str]) -> Vec<ModelLife> {
    let catalogue = Catalogue::new(&settings(&served.url()));
    catalogue.look(models.iter().copied(), at("2026-11-24T00:00:00Z")).await
}

#[tokio::test]
async fn every_way_to_name_a_model_leads_to_its_life() {
    let life = Scripted {
        legacy: Some(at("2026-09-01T00:00:00Z")),
        extended_access: Some(at("2026-12-01T00:00:00Z")),
        ..Scripted::legacy_until(at("2026-12-24T00:00:00Z"))
    };
    let later = Scripted::legacy_until(at("2027-06-01T00:00:00Z"));
    let served = bedrock(Behaviour {
        lives: BTreeMap::from([(LITE.to_owned(), life), ("amazon.other-v1:0".to_owned(), later)]),
        profiles: BTreeMap::from([(APPLICATION.to_owned(), vec!["amazon.other-v1:0".to_owned(), LITE.to_owned()])]),
        ..Behaviour::default()
    });
    let models = [
        LITE,
        "us.amazon.nova-lite-v1:0",
        "global.amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0",
        APPLICATION,
        LITE,
    ];
    let found = look(&served, &models).await;
    assert_eq!(found.len(), 6, "each model once");
    for (life, model) in found.iter().zip(models) {
        assert_eq!((life.model.as_str(), life.foundation_model.as_deref()), (model, Some(LITE)));
        assert_eq!((&life.state, life.days_left), (&LifeState::Legacy, Some(30.0)), "{model}");
        assert_eq!(life.legacy_since, Some(at("2026-09-01T00:00:00Z")));
        assert_eq!(life.extended_access_since, Some(at("2026-12-01T00:00:00Z")));
    }
    let asked = served.calls().iter().filter(|call| call.operation == "GetFoundationModel").count();
    assert_eq!(asked, 3, "by id, by ARN, and the other model: what is known is not asked again");
    assert!(served.violations().is_empty(), "{:?}", served.violations());
}

#[tokio::test]
async fn missing_denied_and_unavailable_are_told_apart() {
    let served = bedrock(Behaviour {
        lives: BTreeMap::from([
            ("amazon.gone-v1:0".to_owned(), Scripted::missing()),
            ("amazon.shut-v1:0".to_owned(), Scripted::denied()),
            ("us.amazon.hidden-v1:0".to_owned(), Scripted::denied()),
            ("amazon.plain-v1:0".to_owned(), Scripted { status: LifeStatus::Absent, ..Scripted::default() }),
            (
                "amazon.odd-v1:0".to_owned(),
                Scripted { status: LifeStatus::Other("RETIRED".to_owned()), ..Scripted::default() },
            ),
        ]),
        faults: vec![FaultRule::always(Fault::Unavailable).for_model("amazon.down-v1:0")],
        ..Behaviour::default()
    });
    let models = [
        "amazon.gone-v1:0",
        "us.amazon.gone-v1:0",
        "not a model",
        APPLICATION,
        "amazon.shut-v1:0",
        "us.amazon.hidden-v1:0",
        "amazon.down-v1:0",
        "amazon.plain-v1:0",
        "amazon.odd-v1:0",
        "arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abcdefgh1234",
    ];
    let found = look(&served, &models).await;
    let said = |index: usize| match &found[index].state {
        LifeState::Missing { said } => ("missing", said.clone()),
        LifeState::Denied { said } => ("denied", said.clone()),
        LifeState::Unavailable { said } => ("unavailable", said.clone()),
        LifeState::Unclear { said } => ("unclear", said.clone()),
        LifeState::WithoutLife { what } => ("without", what.clone()),
        other => panic!("{other:?}"),
    };
    for (index, (state, part)) in [
        ("missing", "ResourceNotFoundException (404)"),
        ("missing", "ResourceNotFoundException (404)"),
        ("missing", "ValidationException (400)"),
        ("missing", "ResourceNotFoundException (404)"),
        ("denied", "allow bedrock:GetFoundationModel"),
        ("denied", "allow bedrock:GetInferenceProfile"),
        ("unavailable", "ServiceUnavailableException (503)"),
        ("unclear", "gives no state"),
        ("unclear", "RETIRED"),
        ("without", "a provisioned model"),
    ]
    .into_iter()
    .enumerate()
    {
        let (found, said) = said(index);
        assert!(found == state && said.contains(part), "{}: {found} {said}", models[index]);
    }
    let asked = served.calls().iter().filter(|call| &*call.model == "amazon.down-v1:0").count();
    assert_eq!(asked, 4, "what may pass is tried again");
}

#[tokio::test]
async fn a_model_without_an_answer_keeps_nothing_from_being_known_of_the_others() {
    let hung = "amazon.hung-v1:0";
    let served = bedrock(Behaviour {
        faults: vec![FaultRule::always(Fault::Hang { for_ms: None }).for_model(hung)],
        ..Behaviour::default()
    });
    let (little, long) = (Duration::from_secs(2), Duration::from_secs(3600));
    for limits in [LookLimits { each: little, all: long }, LookLimits { each: long, all: little }] {
        served.clear_calls();
        let clock = Clock::limited_to(little / 2);
        let ends = Instant::now() + little;
        let catalogue = Catalogue::new(&settings(&served.url())).within(limits);
        let ending = async {
            let is_answer = |call: &Call| &*call.model == LITE && call.outcome == Outcome::Answered;
            until("the other model is known", async || served.calls().iter().any(is_answer)).await;
            // By the time a later call is answered, the earlier answer has arrived.
            look(&served, &[LITE]).await;
            clock.set(ends, little / 2).await;
        };
        let (found, ()) = tokio::join!(catalogue.look([hung, LITE], at("2026-11-24T00:00:00Z")), ending);
        assert!(matches!(&found[0].state, LifeState::Unavailable { said } if said.contains("in time")), "{found:?}");
        assert_eq!((found[0].model.as_str(), &found[1].state), (hung, &LifeState::Active), "{limits:?}");
    }
}

#[tokio::test]
async fn a_geography_that_came_later_is_found_and_a_service_that_is_not_there_calls_nothing_missing() {
    let profile = "ca.amazon.nova-lite-v1:0";
    let served = bedrock(Behaviour {
        lives: BTreeMap::from([(profile.to_owned(), Scripted::default())]),
        profiles: BTreeMap::from([(profile.to_owned(), vec![LITE.to_owned()])]),
        known_models: Some(vec![LITE.to_owned()]),
        ..Behaviour::default()
    });
    let found = look(&served, &[profile, "xx.amazon.none-v1:0"]).await;
    assert_eq!((&found[0].state, found[0].foundation_model.as_deref()), (&LifeState::Active, Some(LITE)));
    assert!(matches!(found[1].state, LifeState::Missing { .. }));
    let catalogue = Catalogue::new(&settings("http://127.0.0.1:9"));
    let found = catalogue.look([LITE, "us.amazon.nova-lite-v1:0"], Timestamp::now()).await;
    assert!(found.iter().all(|life| matches!(life.state, LifeState::Unavailable { .. })), "{found:?}");
}
