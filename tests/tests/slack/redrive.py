"""Moves what lies in a dead-letter queue back to where it came from: the dead-letter queue's URL."""

import sys

import boto3

[url] = sys.argv[1:]
sqs = boto3.client("sqs")
arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
sqs.start_message_move_task(SourceArn=arn)
