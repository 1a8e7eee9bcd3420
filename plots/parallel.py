"""One function for many names, on all processors."""

import gc
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

_function = None  # what the workers call: they are forked from here, and need not be sent it


def each(function, names):
    """An iterator over (name, function(name)) in the order of `names`. Where there are several
    processors they begin at once, before the first result is asked for. What `function` changes is
    lost, what it returns must be picklable, and what it raises is raised here."""
    global _function
    names, workers = list(names), len(os.sched_getaffinity(0))
    if min(len(names), workers) < 2:
        return ((name, function(name)) for name in names)
    _function = function
    pool = ProcessPoolExecutor(workers, get_context("fork"), _begin)
    return _until_done(pool, zip(names, pool.map(_call, names)))


def _until_done(pool, found):
    with pool:
        yield from found


def _begin():
    """What each worker does first: what is there already is not looked through by its collector, for
    that would copy it; and Ctrl-C ends it without a word, as this process has one to say."""
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _call(name):
    return _function(name)
