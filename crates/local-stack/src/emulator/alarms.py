"""Completes what the emulator does with alarms.

As it comes, it forgets an alarm's metric math (PutMetricAlarm) or refuses it (CloudFormation), and evaluates an alarm over
all points of a metric's name, whatever their dimensions. With this the math is kept and given back, though not evaluated,
and an alarm looks at the metric of its own dimensions alone. All else is the emulator's own.
"""

import types

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

# What an alarm of metric math does not have.
OF_ONE_METRIC = ["MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit"]


def with_math(alarm, metrics):
    """An alarm's record, of metric math in place of one metric."""
    kept = {name: value for name, value in alarm.items() if name not in OF_ONE_METRIC}
    return kept | {"Metrics": metrics}


def typed(value):
    """A template's part of metric math as the API has it: what a parameter gives is text there."""
    if isinstance(value, list):
        return [typed(each) for each in value]
    if not isinstance(value, dict):
        return value
    of = {name: typed(each) for name, each in value.items()}
    if "Period" in of:
        of["Period"] = int(of["Period"])
    if "ReturnData" in of:
        of["ReturnData"] = str(of["ReturnData"]).lower() == "true"
    return of


def completed_put(put):
    def put_metric_alarm(parameters, request, is_cbor, is_json=False):
        answer = put(parameters, request, is_cbor, is_json)
        metrics = request.get("Metrics") if is_cbor or is_json else None
        if metrics and answer[0] == 200:
            name = request["AlarmName"]
            cloudwatch._alarms[name] = with_math(cloudwatch._alarms[name], metrics)
        return answer

    return put_metric_alarm


def completed_record(record):
    def record_of(name, properties):
        metrics = properties.get("Metrics")
        if not metrics:
            return record(name, properties)
        plain = {key: value for key, value in properties.items() if key != "Metrics"}
        alarm = record(name, plain | {"MetricName": "Math", "Namespace": "Math"})
        return with_math(alarm, typed(metrics))

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
