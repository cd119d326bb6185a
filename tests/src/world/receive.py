"""Prints the messages that lie in queues, as JSON: their URLs."""

import json
import sys

import boto3

sqs = boto3.client("sqs")
bodies = []
for url in sys.argv[1:]:
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages"):
        for message in messages:
            bodies.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
print(json.dumps(bodies))
