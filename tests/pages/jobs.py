"""Scripts that are typed, each on a terminal of its own."""

import contextlib
import os
import signal
import subprocess
import threading
import time

PATIENCE = 120  # s, for a command to end, or a server to listen


class Job:
    """A script, and all that it starts: `end` ends it, whatever it does."""

    def __init__(self, script, cwd, environment):
        self.output = open(script.with_suffix(".out"), "w+b")
        # setpriv: it dies with the thread that starts it, however that dies.
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "bash", script], cwd=cwd, env=environment,
            stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip

    def printed(self):
        return os.pread(self.output.fileno(), 10_000_000, 0).decode(errors="replace")

    def wait(self):
        """Its exit status; nothing when it has none in time."""
        ended = wait_for(self._has_ended)
        return ended and ended.si_status

    def listens(self):
        """Has it said so, in time?"""
        wait_for(lambda: "listening on" in self.printed() or self._has_ended())
        return "listening on" in self.printed()

    def end(self):
        """As a server ends: it is asked to, and if it does not, made to."""
        self._signal_all(signal.SIGTERM)
        self.wait()
        self._signal_all(signal.SIGKILL)
        self.process.wait()
        self.output.close()

    def _has_ended(self):
        # WNOWAIT: its number stays its own until it has been signalled for the last time.
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)

    def _signal_all(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


def wait_for(condition):
    """What condition() returns once that is true, or when patience is over."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()) and time.monotonic() < deadline:
        threading.Event().wait(0.005)
    return found
