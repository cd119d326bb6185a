"""Prints what a function logged, oldest first."""

import sys

import boto3

[name] = sys.argv[1:]
logs = boto3.client("logs")
groups = {f"/aws/lambda/{name}"}
config = boto3.client("lambda").get_function_configuration(FunctionName=name)
groups.add(config.get("LoggingConfig", {}).get("LogGroup", ""))
events = []
for group in groups - {""}:
    try:
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
            events += page["events"]
    except logs.exceptions.ResourceNotFoundException:
        continue
for event in sorted(events, key=lambda event: event["timestamp"]):
    print(event["message"].rstrip("\n"))
