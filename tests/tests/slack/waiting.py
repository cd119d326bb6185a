"""Prints how many messages wait in a queue, or are being looked at: its URL."""

import sys

import boto3

[url] = sys.argv[1:]
names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
attributes = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
print(sum(int(attributes[name]) for name in names))
