"""Reads metrics of a suite back: namespace, suite. Prints [{name, dimensions, sum, count, p50}, ...]."""

import datetime
import json
import sys

import boto3

namespace, suite = sys.argv[1:]
cloudwatch = boto3.client("cloudwatch")
now = datetime.datetime.now(datetime.timezone.utc)
found = []
for page in cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace):
    for metric in page["Metrics"]:
        if {"Name": "Suite", "Value": suite} in metric["Dimensions"]:
            found.append(metric)
queries = [
    {
        "Id": f"q{number}_{name}",
        "MetricStat": {"Metric": metric, "Period": 86400, "Stat": statistic},
    }
    for number, metric in enumerate(found)
    for name, statistic in [("sum", "Sum"), ("count", "SampleCount"), ("p50", "p50")]
]
values = {}
for start in range(0, len(queries), 400):
    answer = cloudwatch.get_metric_data(
        MetricDataQueries=queries[start : start + 400],
        StartTime=now - datetime.timedelta(days=1),
        EndTime=now + datetime.timedelta(days=1),
    )
    for result in answer["MetricDataResults"]:
        # A run at midnight may be seen in one of two periods, never in both.
        values[result["Id"]] = result["Values"]
print(
    json.dumps(
        [
            {
                "name": metric["MetricName"],
                "dimensions": {dimension["Name"]: dimension["Value"] for dimension in metric["Dimensions"]},
                **{name: values[f"q{number}_{name}"] for name in ["sum", "count", "p50"]},
            }
            for number, metric in enumerate(found)
        ]
    )
)
