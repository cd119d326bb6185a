"""Puts one alarm for each of three models on a metric that two of them have, and prints the alarms' states."""

import json

import boto3

cloudwatch = boto3.client("cloudwatch")
MODELS = {"good": 0.9, "bad": 0.1, "unseen": None}
for model in MODELS:
    cloudwatch.put_metric_alarm(
        AlarmName=model,
        Namespace="Custom/Example",
        MetricName="F1",
        Dimensions=[{"Name": "ModelId", "Value": model}],
        Statistic="Average",
        Period=3600,
        EvaluationPeriods=1,
        Threshold=0.5,
        ComparisonOperator="LessThanThreshold",
    )
for model, value in MODELS.items():
    if value is not None:
        datum = {"MetricName": "F1", "Dimensions": [{"Name": "ModelId", "Value": model}], "Value": value}
        cloudwatch.put_metric_data(Namespace="Custom/Example", MetricData=[datum])
print(json.dumps({alarm["AlarmName"]: alarm["StateValue"] for alarm in cloudwatch.describe_alarms()["MetricAlarms"]}))
