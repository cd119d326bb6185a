"""Invokes a function with an event: name, `RequestResponse` or `Event`, event. Prints the error and the answer."""

import json
import sys

import boto3

name, kind, event = sys.argv[1:]
answer = boto3.client("lambda").invoke(FunctionName=name, InvocationType=kind, Payload=event.encode())
print(json.dumps({"error": answer.get("FunctionError"), "answer": answer["Payload"].read().decode()}))
