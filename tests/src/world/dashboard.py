"""Prints the body of a dashboard, or null where there is none: its name."""

import sys

import boto3

[name] = sys.argv[1:]
cloudwatch = boto3.client("cloudwatch")
try:
    print(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"])
except cloudwatch.exceptions.ClientError as error:
    if error.response["Error"]["Code"] not in ("ResourceNotFound", "DashboardNotFoundError"):
        raise
    print("null")
