"""Puts an alarm of metric math by the API and by a template, and prints both as they are described."""

import json

import boto3

dimensions = [{"Name": "ModelId", "Value": "us.example.first-v1:0"}]
metrics = [
    {
        "Id": name,
        "MetricStat": {
            "Metric": {"Namespace": "AWS/Bedrock", "MetricName": metric, "Dimensions": dimensions},
            "Period": 300,
            "Stat": "Sum",
        },
        "ReturnData": False,
    }
    for name, metric in [("errors", "InvocationServerErrors"), ("invocations", "Invocations")]
]
metrics.append({"Id": "rate", "Expression": "100*errors/(invocations+errors)", "Label": "Rate", "ReturnData": True})
settings = {
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 5,
    "EvaluationPeriods": 3,
    "TreatMissingData": "notBreaching",
    "Metrics": metrics,
}

cloudwatch = boto3.client("cloudwatch")
cloudwatch.put_metric_alarm(AlarmName="api", **settings)

by_parameter = json.loads(json.dumps(settings))
for metric in by_parameter["Metrics"][:2]:
    metric["MetricStat"]["Period"] = {"Ref": "Seconds"}
template = {
    "Parameters": {"Seconds": {"Type": "Number", "Default": 300}},
    "Resources": {
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "template", **by_parameter}}
    },
}
cloudformation = boto3.client("cloudformation")
cloudformation.create_stack(StackName="alarms", TemplateBody=json.dumps(template))
cloudformation.get_waiter("stack_create_complete").wait(StackName="alarms")

described = cloudwatch.describe_alarms()["MetricAlarms"]
print(json.dumps({"metrics": metrics, **{alarm["AlarmName"]: alarm for alarm in described}}, default=str))
