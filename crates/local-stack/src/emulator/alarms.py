"""Completes what the emulator does with alarms.

As it comes, it forgets an alarm's metric math (PutMetricAlarm) or refuses it (CloudFormation), forgets whether its tags are
sent along, and evaluates an alarm over all points of a metric's name, whatever their dimensions. With this the math and the
setting for tags are kept and given back, though neither does anything, and an alarm looks at the metric of its own
dimensions alone. All else is the emulator's own.
"""

import types

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

# What an alarm of metric math does not have.
OF_ONE_METRIC = ["MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit"]


def completed(alarm, request):
    """An alarm's record with what of the request it lacks."""
    if "ActionConfiguration" in request:
        alarm = alarm | {"ActionConfiguration": request["ActionConfiguration"]}
    if not request.get("Metrics"):
        return alarm
    kept = {name: value for name, value in alarm.items() if name not in OF_ONE_METRIC}
    return kept | {"Metrics": request["Metrics"]}


def typed(value):
    """A template's part of an alarm as the API has it: what a parameter gives is text there."""
    if isinstance(value, list):
        return [typed(each) for each in value]
    if not isinstance(value, dict):
        return value
    of = {name: typed(each) for name, each in value.items()}
    if "Period" in of:
        of["Period"] = int(of["Period"])
    for name in ["Enabled", "ReturnData"]:
        if name in of:
            of[name] = str(of[name]).lower() == "true"
    return of


def completed_put(put):
    def put_metric_alarm(parameters, request, is_cbor, is_json=False):
        answer = put(parameters, request, is_cbor, is_json)
        if answer[0] == 200 and (is_cbor or is_json):
            name = request["AlarmName"]
            cloudwatch._alarms[name] = completed(cloudwatch._alarms[name], request)
        return answer

    return put_metric_alarm


def completed_record(record):
    def record_of(name, properties):
        plain = {key: value for key, value in properties.items() if key != "Metrics"}
        if "Metrics" in properties:
            plain |= {"MetricName": "Math", "Namespace": "Math"}
        return completed(record(name, plain), typed(properties))

    return record_of


def completed_evaluation(evaluate):
    def evaluate_alarm(alarm):
        own = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions") or []))
        metrics = {key: points for key, points in cloudwatch._metrics.items() if key[2] == own}
        types.FunctionType(evaluate.__code__, vars(cloudwatch) | {"_metrics": metrics})(alarm)

    return evaluate_alarm


cloudwatch._put_metric_alarm = completed_put(cloudwatch._put_metric_alarm)
cloudwatch._evaluate_alarm = completed_evaluation(cloudwatch._evaluate_alarm)
provisioners._cw_metric_alarm_record = completed_record(provisioners._cw_metric_alarm_record)
