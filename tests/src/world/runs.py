"""Waits until a suite has so many runs that are done, and prints its objects: bucket, suite, count.

Prints what there is when time runs out, so that the test can say what is missing.
"""

import json
import sys
import time

import boto3

bucket, suite, count = sys.argv[1:]
objects = boto3.resource("s3").Bucket(bucket).objects
# Longer than anything takes, even on a slow machine.
limit = time.monotonic() + 600


def read():
    return {found.key: found.get()["Body"].read().decode() for found in objects.filter(Prefix=f"runs/{suite}/")}


def is_done(key, text):
    return key.endswith("/claim.json") and json.loads(text)["stage"] == "done"


found = read()
while sum(is_done(*item) for item in found.items()) < int(count) and time.monotonic() < limit:
    time.sleep(0.2)
    found = read()
# Once more: what was written between the listing and a claim's last stage is not in it.
print(json.dumps(read()))
