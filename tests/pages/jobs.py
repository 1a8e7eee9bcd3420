"""Scripts that are typed, each on a terminal of its own."""

import contextlib
import os
import pty
import signal
import subprocess
import threading
import time

PATIENCE = 120  # s, for a command to end, or a server to listen


class Job:
    """A script, and all that it starts: `end` ends it, whatever it does."""

    def __init__(self, script, cwd, environment, stdin=subprocess.DEVNULL, output=None):
        self.output = output or open(script.with_suffix(".out"), "w+b")
        # setpriv: it dies with the thread that starts it, however that dies.
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "bash", script], cwd=cwd, env=environment,
            stdin=stdin, stdout=self.output, stderr=subprocess.STDOUT, start_new_session=True,
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


class TypedJob(Job):
    """The same for a script that asks: at its terminal a line has been typed already."""

    def __init__(self, typed, script, cwd, environment):
        self.screen, inside = pty.openpty()
        os.set_blocking(self.screen, False)
        os.write(self.screen, typed.encode() + b"\n")
        self.shown = b""
        super().__init__(script, cwd, environment, inside, os.fdopen(inside, "wb"))

    def printed(self):
        # EAGAIN: nothing new; EIO: nobody is left who could write.
        with contextlib.suppress(OSError):
            while piece := os.read(self.screen, 65536):
                self.shown += piece
        return self.shown.decode(errors="replace")

    def end(self):
        super().end()
        os.close(self.screen)

    def _has_ended(self):
        self.printed()  # so that it never waits for a place on the screen
        return super()._has_ended()


def wait_for(condition):
    """What condition() returns once that is true, or when patience is over."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()) and time.monotonic() < deadline:
        threading.Event().wait(0.005)
    return found
