"""Sets the state of an alarm, as people do to try it: name, state, reason."""

import sys

import boto3

name, state, reason = sys.argv[1:]
boto3.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue=state, StateReason=reason)
