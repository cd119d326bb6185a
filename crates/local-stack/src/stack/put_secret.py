"""Keeps a text in Secrets Manager: the secret's name, and what it says."""

import sys

import boto3

[name, text] = sys.argv[1:]
boto3.client("secretsmanager").create_secret(Name=name, SecretString=text)
