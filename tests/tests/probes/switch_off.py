"""Disables the schedules that invoke a function and prints how many there were: its name."""

import sys

import boto3

[function] = sys.argv[1:]
scheduler = boto3.client("scheduler")
count = 0
for page in scheduler.get_paginator("list_schedules").paginate():
    for listed in page["Schedules"]:
        schedule = scheduler.get_schedule(Name=listed["Name"], GroupName=listed["GroupName"])
        if schedule["Target"]["Arn"].endswith(f":function:{function}"):
            kept = ["Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target"]
            scheduler.update_schedule(**{name: schedule[name] for name in kept}, State="DISABLED")
            count += 1
print(count)
