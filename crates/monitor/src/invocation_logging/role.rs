//! What the role that writes the log needs, as policies of IAM. Pure.

use serde_json::{Value, json};

/// The stream in the log group that Bedrock writes.
const STREAM: &str = "aws/bedrock/modelinvocations";

/// Who may act as the role: Bedrock, for the account of the role and this Region.
pub fn role_trust(role: &str, region: &str) -> Value {
    let (partition, account) = owner(role);
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": "bedrock.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": format!("arn:{partition}:bedrock:{region}:{account}:*")},
            },
        }],
    })
}

/// What the role has to be allowed.
pub fn role_permissions(role: &str, region: &str, log_group: &str) -> Value {
    let (partition, account) = owner(role);
    let stream = format!("arn:{partition}:logs:{region}:{account}:log-group:{log_group}:log-stream:{STREAM}");
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": stream,
        }],
    })
}

/// Partition and account of a role's ARN.
fn owner(role: &str) -> (&str, &str) {
    let parts: Vec<&str> = role.splitn(6, ':').collect();
    match parts[..] {
        ["arn", partition, _, _, account, _] => (partition, account),
        _ => ("aws", "*"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policies_name_account_region_and_log_group() {
        let role = "arn:aws-us-gov:iam::111122223333:role/service/logs";
        let stream =
            "arn:aws-us-gov:logs:us-gov-west-1:111122223333:log-group:/calls:log-stream:aws/bedrock/modelinvocations";
        assert_eq!(role_permissions(role, "us-gov-west-1", "/calls")["Statement"][0]["Resource"], stream);
        let trust = role_trust(role, "us-gov-west-1");
        let condition = &trust["Statement"][0]["Condition"];
        assert_eq!(condition["StringEquals"]["aws:SourceAccount"], "111122223333");
        assert_eq!(condition["ArnLike"]["aws:SourceArn"], "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:*");
    }
}
