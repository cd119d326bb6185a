"""Prints every alarm as it is described, as JSON by name."""

import json

import boto3

found = {}
for page in boto3.client("cloudwatch").get_paginator("describe_alarms").paginate():
    found |= {alarm["AlarmName"]: alarm for alarm in page["MetricAlarms"]}
print(json.dumps(found, default=str))
