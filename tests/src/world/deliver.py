"""Invokes a function with an event: name, `RequestResponse` or `Event`, event. Prints the error and the answer."""

import json
import sys

import boto3
from botocore.config import Config

name, kind, event = sys.argv[1:]
# Longer than the function takes, even on a slow machine. A second attempt would be a second delivery.
config = Config(read_timeout=900, retries={"max_attempts": 0})
answer = boto3.client("lambda", config=config).invoke(FunctionName=name, InvocationType=kind, Payload=event.encode())
print(json.dumps({"error": answer.get("FunctionError"), "answer": answer["Payload"].read().decode()}))
