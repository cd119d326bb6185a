"""Has a queue deliver again soon and seldom: its URL, seconds until a message comes again, how often it comes at most."""

import json
import sys

import boto3

url, seconds, count = sys.argv[1:]
sqs = boto3.client("sqs")
policy = json.loads(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]["RedrivePolicy"])
attributes = {"VisibilityTimeout": seconds, "RedrivePolicy": json.dumps(policy | {"maxReceiveCount": int(count)})}
sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
