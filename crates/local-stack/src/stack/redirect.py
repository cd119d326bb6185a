"""Adds environment variables to functions: the variables as JSON first, then the functions' names."""

import json
import sys

import boto3

added, *names = sys.argv[1:]
functions = boto3.client("lambda")
for name in names:
    found = functions.get_function_configuration(FunctionName=name)
    variables = found.get("Environment", {}).get("Variables", {}) | json.loads(added)
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    functions.get_waiter("function_updated_v2").wait(FunctionName=name)
