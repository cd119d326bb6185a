"""Adds environment variables to functions: as JSON, by the functions' names."""

import json
import sys

import boto3

[added] = sys.argv[1:]
functions = boto3.client("lambda")
for name, further in json.loads(added).items():
    found = functions.get_function_configuration(FunctionName=name)
    variables = found.get("Environment", {}).get("Variables", {}) | further
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    functions.get_waiter("function_updated_v2").wait(FunctionName=name)
