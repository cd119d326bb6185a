//! Addresses of the AWS console.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands in an address as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The page of the object `s3://bucket/key` in the console of the partition and Region that `arn` names; none for other
/// places, other partitions, and an ARN without a Region.
pub(super) fn object(arn: &str, place: &str) -> Option<String> {
    let mut parts = arn.split(':');
    let (Some("arn"), Some(partition), Some(_), Some(region)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let domain = match partition {
        "aws" => "console.aws.amazon.com",
        "aws-cn" => "console.amazonaws.cn",
        "aws-us-gov" => "console.amazonaws-us-gov.com",
        _ => return None,
    };
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    let (bucket, key) = place.strip_prefix("s3://")?.split_once('/')?;
    if !is_name(region) || !is_name(bucket) || key.is_empty() {
        return None;
    }
    let key = utf8_percent_encode(key, ESCAPED);
    Some(format!("https://{region}.{domain}/s3/object/{bucket}?region={region}&prefix={key}"))
}

#[cfg(test)]
mod tests {
    use super::object;

    #[test]
    fn each_partition_has_a_console_of_its_own() {
        let place = "s3://a.bucket/runs/my suite/r+1/report.html";
        let key = "runs/my%20suite/r%2B1/report.html";
        for (partition, region, host) in [
            ("aws", "eu-central-1", "eu-central-1.console.aws.amazon.com"),
            ("aws-cn", "cn-north-1", "cn-north-1.console.amazonaws.cn"),
            ("aws-us-gov", "us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
        ] {
            let found = object(&format!("arn:{partition}:sns:{region}:123456789012:notices"), place);
            let expected = format!("https://{host}/s3/object/a.bucket?region={region}&prefix={key}");
            assert_eq!(found.as_deref(), Some(expected.as_str()));
        }
    }

    #[test]
    fn without_a_bucket_or_a_region_there_is_no_link() {
        let arn = "arn:aws:sns:us-east-1:123456789012:notices";
        for (arn, place) in [
            (arn, "/home/me/runs/s/r/report.html"),
            (arn, "s3://bucket"),
            (arn, "s3://bucket/"),
            ("arn:aws-iso:sns:us-iso-east-1:123456789012:notices", "s3://b/k"),
            ("arn:aws:sns::123456789012:notices", "s3://b/k"),
            ("notices", "s3://b/k"),
        ] {
            assert_eq!(object(arn, place), None, "{arn} {place}");
        }
    }
}
