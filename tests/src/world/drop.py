"""Puts objects, in their order: the bucket, then [[key, text], ...] as JSON."""

import json
import sys

import boto3

bucket, objects = sys.argv[1:]
s3 = boto3.client("s3")
for key, text in json.loads(objects):
    s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
