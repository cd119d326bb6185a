"""Prints a stack's outputs and functions as JSON."""

import json
import sys

import boto3

[name] = sys.argv[1:]
cloudformation = boto3.client("cloudformation")
[stack] = cloudformation.describe_stacks(StackName=name)["Stacks"]
resources = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
print(
    json.dumps(
        {
            "outputs": {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]},
            "functions": {
                resource["LogicalResourceId"]: resource["PhysicalResourceId"]
                for resource in resources
                if resource["ResourceType"] == "AWS::Lambda::Function"
            },
        }
    )
)
