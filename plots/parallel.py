"""One function for many names, on all processors."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

_function = None  # what the workers call: they are forked from here, and need not be sent it


def each(function, names):
    """Yields (name, function(name)) in the order of `names`, as many at a time as there are
    processors. What `function` changes is lost, what it returns must be picklable, and what it
    raises is raised here."""
    global _function
    names, workers = list(names), len(os.sched_getaffinity(0))
    if min(len(names), workers) < 2:
        yield from ((name, function(name)) for name in names)
        return
    _function = function
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield from zip(names, pool.map(_call, names))


def _call(name):
    return _function(name)
