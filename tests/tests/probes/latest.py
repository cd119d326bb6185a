"""Prints the latest value of each metric of a name, by the value of its only dimension: namespace, name."""

import datetime
import json
import sys

import boto3

namespace, name = sys.argv[1:]
cloudwatch = boto3.client("cloudwatch")
now = datetime.datetime.now(datetime.timezone.utc)
found = {}
for page in cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace, MetricName=name):
    for metric in page["Metrics"]:
        [dimension] = metric["Dimensions"]
        query = {"Id": "q", "MetricStat": {"Metric": metric, "Period": 1, "Stat": "Average"}}
        answer = cloudwatch.get_metric_data(
            MetricDataQueries=[query],
            StartTime=now - datetime.timedelta(hours=2),
            EndTime=now + datetime.timedelta(hours=1),
        )
        [result] = answer["MetricDataResults"]
        found[dimension["Value"]] = max(zip(result["Timestamps"], result["Values"]))[1]
print(json.dumps(found))
