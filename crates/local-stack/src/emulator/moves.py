"""Completes what the emulator does with queues: it cannot move the messages of a dead-letter queue back (StartMessageMoveTask).

All are moved at once, to the queue that is named or else to the one that each came from.
"""

import time
import uuid

from ministack.services import sqs


def start_message_move_task(data, _url):
    source = sqs._queue_by_arn(data.get("SourceArn", ""))
    if source is None:
        raise sqs._Err("ResourceNotFoundException", "There is no queue of this SourceArn.", 404)
    kept = []
    for message in source["messages"]:
        arn = data.get("DestinationArn") or message["sys"].get("DeadLetterQueueSourceArn", "")
        destination = sqs._queue_by_arn(arn)
        if destination is None:
            kept.append(message)
            continue
        now = time.time()
        again = {"receipt_handle": None, "receive_count": 0, "first_receive_at": None, "visible_at": now}
        destination["messages"].append(message | again)
    source["messages"] = kept
    sqs.esm_wake.set()
    return {"TaskHandle": str(uuid.uuid4())}


sqs._HANDLERS["StartMessageMoveTask"] = start_message_move_task
