"""Publishes a text: topic, subject, message."""

import sys

import boto3

topic, subject, message = sys.argv[1:]
boto3.client("sns").publish(TopicArn=topic, Subject=subject, Message=message)
