"""Runs the emulator, and ends it when the process that started it is gone.

The starter holds the other end of the pipe on standard input. It closes when the starter drops it or dies, however it
dies; then this process goes, together with the function processes that it started.
"""

import os
import runpy
import signal
import sys
import threading


def wait_for_the_end():
    while os.read(0, 4096):
        pass
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


threading.Thread(target=wait_for_the_end, daemon=True).start()
sys.argv = ["ministack"]
runpy.run_module("ministack", run_name="__main__")
