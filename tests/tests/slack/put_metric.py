"""Puts one value of a metric: namespace, name, dimensions as JSON, value, how many seconds ago it was measured."""

import datetime
import json
import sys

import boto3

namespace, name, dimensions, value, seconds_ago = sys.argv[1:]
boto3.client("cloudwatch").put_metric_data(
    Namespace=namespace,
    MetricData=[
        {
            "MetricName": name,
            "Dimensions": json.loads(dimensions),
            "Value": float(value),
            "Timestamp": datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=float(seconds_ago)),
        }
    ],
)
