"""Prints the objects below a prefix as {key: text}: bucket, prefix."""

import json
import sys

import boto3

bucket, prefix = sys.argv[1:]
objects = boto3.resource("s3").Bucket(bucket).objects.filter(Prefix=prefix)
print(json.dumps({found.key: found.get()["Body"].read().decode() for found in objects}))
