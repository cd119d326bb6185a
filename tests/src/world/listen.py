"""Makes a queue that hears of new objects: bucket, name, pattern of keys. Prints the queue's URL."""

import json
import sys

import boto3

bucket, name, wildcard = sys.argv[1:]
sqs, events = boto3.client("sqs"), boto3.client("events")
url = sqs.create_queue(QueueName=f"events-{name}")["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
pattern = {
    "source": ["aws.s3"],
    "detail-type": ["Object Created"],
    "detail": {"bucket": {"name": [bucket]}, "object": {"key": [{"wildcard": wildcard}]}},
}
events.put_rule(Name=f"listen-{name}", EventPattern=json.dumps(pattern))
events.put_targets(Rule=f"listen-{name}", Targets=[{"Id": "queue", "Arn": arn}])
print(url)
