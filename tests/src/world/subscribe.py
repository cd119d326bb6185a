"""Subscribes a new queue to the notices of one suite: topic ARN, suite. Prints the queue's URL."""

import json
import sys

import boto3

topic, suite = sys.argv[1:]
sqs = boto3.client("sqs")
url = sqs.create_queue(QueueName=f"notices-{suite}")["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
boto3.client("sns").subscribe(
    TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"FilterPolicy": json.dumps({"suite": [suite]})}
)
print(url)
