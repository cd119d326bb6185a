"""Subscribes a new queue to everything that a topic is told: topic ARN, name. Prints the queue's URL."""

import sys

import boto3

topic, name = sys.argv[1:]
sqs = boto3.client("sqs")
url = sqs.create_queue(QueueName=f"told-{name}")["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
print(url)
