"""Prints the schedules that invoke a function, as JSON: its name."""

import json
import sys

import boto3

[function] = sys.argv[1:]
scheduler = boto3.client("scheduler")
found = []
for page in scheduler.get_paginator("list_schedules").paginate():
    for listed in page["Schedules"]:
        schedule = scheduler.get_schedule(Name=listed["Name"], GroupName=listed["GroupName"])
        if schedule["Target"]["Arn"].endswith(f":function:{function}"):
            found.append({name: schedule[name] for name in ["ScheduleExpression", "State", "Target"]})
print(json.dumps(found))
