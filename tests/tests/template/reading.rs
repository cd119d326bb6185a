//! The template as data, and the questions that tests ask of it.

use std::path::PathBuf;
use std::sync::OnceLock;

use local_stack::{environment::Environment, places};
use serde_json::Value;

/// Prints the template as JSON, short forms such as `!Ref` written out.
const TO_JSON: &str = "import json, sys; from samcli.yamlhelper import yaml_parse; \
    print(json.dumps(yaml_parse(open(sys.argv[1]).read())))";

/// Prints the template as JSON with its loops over models written out, as the SAM CLI does it before it deploys, and
/// with a secret for Slack, as the CLI drops what refers to resources that are not there.
const EXPANDED: &str = "import json, sys; from samcli.yamlhelper import yaml_parse; \
    from samcli.lib.cfn_language_extensions.sam_integration import expand_language_extensions as expand; \
    template = yaml_parse(open(sys.argv[1]).read()); \
    print(json.dumps(expand(template, {'ModelIds': sys.argv[2], 'SlackSecret': 'assay/slack'}, enabled=True).expanded_template))";

pub(crate) fn environment() -> &'static Environment {
    static ENVIRONMENT: OnceLock<Environment> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| Environment::prepare_in(&places::target().join("python")).unwrap())
}

pub(crate) fn template() -> &'static Value {
    static TEMPLATE: OnceLock<Value> = OnceLock::new();
    TEMPLATE.get_or_init(|| printed(TO_JSON, &[]))
}

/// The template with its loops written out for these models.
pub(crate) fn expanded(model_ids: &[&str]) -> Value {
    printed(EXPANDED, &[&model_ids.join(",")])
}

/// What a script prints, as JSON; it is given the template's path first.
pub(crate) fn printed(script: &str, arguments: &[&str]) -> Value {
    let environment = environment();
    let mut command = environment.command(&environment.python());
    let output = command.args(["-c", script]).arg(path()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(crate) fn path() -> PathBuf {
    places::workspace().join("template.yaml")
}

/// What `docs/deploy.md` says under a heading.
pub(crate) fn documented(heading: &str) -> String {
    let text = std::fs::read_to_string(places::workspace().join("docs/deploy.md")).unwrap();
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).unwrap();
    section.split("\n## ").next().unwrap().to_owned()
}

pub(crate) fn properties(logical_id: &str) -> &'static Value {
    &template()["Resources"][logical_id]["Properties"]
}

/// The resources of a type, by logical id.
pub(crate) fn resources_of(kind: &str) -> Vec<(&'static str, &'static Value)> {
    let resources = template()["Resources"].as_object().unwrap();
    resources.iter().filter(|(_, it)| it["Type"] == kind).map(|(id, it)| (id.as_str(), &it["Properties"])).collect()
}

pub(crate) fn functions() -> Vec<(&'static str, &'static Value)> {
    resources_of("AWS::Serverless::Function")
}

/// The function that posts to Slack. It is there only where somebody named a secret, evaluates nothing and shares no policy.
pub(crate) const FORWARDER: &str = "AlarmForwarder";

/// The functions that are always there.
pub(crate) fn evaluating() -> Vec<(&'static str, &'static Value)> {
    functions().into_iter().filter(|(id, _)| *id != FORWARDER).collect()
}

/// The events of every function that are of a kind: the function, the event's name, its properties.
pub(crate) fn events_of(kind: &str) -> Vec<(&'static str, &'static str, &'static Value)> {
    let events = functions().into_iter().flat_map(|(function, properties)| {
        properties["Events"].as_object().unwrap().iter().map(move |(name, event)| (function, name.as_str(), event))
    });
    events
        .filter(|(_, _, event)| event["Type"] == kind)
        .map(|(function, name, event)| (function, name, &event["Properties"]))
        .collect()
}

/// The wildcards of every rule on objects that starts a function.
pub(crate) fn trigger_wildcards() -> Vec<&'static str> {
    events_of("EventBridgeRule")
        .into_iter()
        .filter(|(_, _, event)| event["Pattern"]["source"] == serde_json::json!(["aws.s3"]))
        .flat_map(|(_, _, event)| one_or_many(&event["Pattern"]["detail"]["object"]["key"]))
        .map(|key| key["wildcard"].as_str().unwrap())
        .collect()
}

/// The roles of the functions that are always there.
pub(crate) fn evaluating_roles() -> Vec<&'static str> {
    evaluating().into_iter().map(|(_, function)| function["Role"]["Fn::GetAtt"][0].as_str().unwrap()).collect()
}

/// The roles that functions act as, by logical id.
pub(crate) fn function_roles() -> Vec<&'static str> {
    functions().into_iter().map(|(_, function)| function["Role"]["Fn::GetAtt"][0].as_str().unwrap()).collect()
}

/// A value that may stand alone or in a list, as IAM allows.
pub(crate) fn one_or_many(value: &'static Value) -> Vec<&'static Value> {
    value.as_array().map_or_else(|| vec![value], |values| values.iter().collect())
}

/// The policies that a role has in common with others, by logical id.
pub(crate) fn shared_policies(role: &str) -> Vec<&'static str> {
    let policies = properties(role)["ManagedPolicyArns"].as_array().into_iter().flatten();
    policies.map(|policy| policy["Ref"].as_str().unwrap()).collect()
}

/// One statement of a role's policies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement {
    pub role: &'static str,
    /// The template's condition under which it is there.
    pub only_if: Option<&'static str>,
    pub text: &'static Value,
}

impl Statement {
    pub(crate) fn actions(&self) -> Vec<&'static str> {
        one_or_many(&self.text["Action"]).into_iter().map(|action| action.as_str().unwrap()).collect()
    }

    /// Whether it names this parameter.
    pub(crate) fn names(&self, parameter: &str) -> bool {
        self.text.to_string().contains(&serde_json::json!({"Ref": parameter}).to_string())
    }

    /// What it allows within the bucket.
    pub(crate) fn keys(&self) -> Vec<&'static str> {
        one_or_many(&self.text["Resource"])
            .into_iter()
            .map(|resource| resource["Fn::Sub"].as_str().unwrap().strip_prefix("${Bucket.Arn}/").unwrap())
            .collect()
    }
}

/// Every statement of every role's policies, its own and those that it shares.
pub(crate) fn statements() -> Vec<Statement> {
    let documents = resources_of("AWS::IAM::Role").into_iter().flat_map(|(role, properties)| {
        let own = one_or_many(&properties["Policies"]).into_iter().map(|policy| &policy["PolicyDocument"]);
        let shared = shared_policies(role).into_iter().map(|policy| &self::properties(policy)["PolicyDocument"]);
        own.chain(shared).map(move |document| (role, document))
    });
    let statements = documents.flat_map(|(role, document)| {
        one_or_many(&document["Statement"]).into_iter().map(move |statement| (role, statement))
    });
    statements
        .map(|(role, statement)| match statement.get("Fn::If") {
            Some(choice) => Statement { role, only_if: choice[0].as_str(), text: &choice[1] },
            None => Statement { role, only_if: None, text: statement },
        })
        .collect()
}

pub(crate) fn statements_on(action: &str) -> Vec<Statement> {
    statements().into_iter().filter(|statement| statement.actions().contains(&action)).collect()
}
