//! Sums of a service's metrics, which the digest asks for.

use crate::jobs::world::{World, boto3, settings, wait};
use assay_monitor::alarm::AWS_METRICS;
use assay_monitor::cloudwatch::{CloudWatch, SumOf};
use jiff::{SignedDuration, Timestamp};

#[test]
fn sums_are_over_the_time_that_was_asked_for_and_nothing_is_not_zero() {
    let _world = World::new("monitor-sums");
    // One value of long ago, two of the last days.
    boto3(
        "import datetime\nnow = datetime.datetime.now(datetime.timezone.utc)\nfor days, value in ((9, 100.0), (2, 3.0), (1, 4.0)):\n \
         client('cloudwatch').put_metric_data(Namespace='AWS/Bedrock', MetricData=[{'MetricName': 'InvocationThrottles', \
         'Dimensions': [{'Name': 'ModelId', 'Value': 'summed:0'}], 'Value': value, \
         'Timestamp': now - datetime.timedelta(days=days)}])\nprint('null')",
    );
    let throttles = *AWS_METRICS.iter().find(|metric| metric.name == "InvocationThrottles").unwrap();
    let wanted = ["unknown:0", "summed:0"].map(|model| SumOf { metric: throttles, of: model.to_owned() });
    let now = Timestamp::now();
    let over = |days: i64| {
        let from = now - SignedDuration::from_hours(24 * days);
        let found = wait(CloudWatch::new(&settings()).sums(&wanted, from, now)).unwrap();
        assert!(found.iter().zip(&wanted).all(|(found, wanted)| found.what == *wanted), "{found:?}");
        found.iter().map(|found| found.sum).collect::<Vec<_>>()
    };
    assert_eq!(over(7), [None, Some(7.0)]);
    assert_eq!(over(14), [None, Some(107.0)]);
}
