"""One function for many names, each in a process of its own kind."""

import os
import select

import pytest

from plots import parallel


def test_results_come_in_the_order_of_the_names():
    names = [str(number) for number in range(20)]
    assert list(parallel.each(lambda name: int(name) ** 2, names)) == [
        (name, int(name) ** 2) for name in names]  # fmt: skip


def test_what_the_function_refers_to_is_there():
    table = {"a": 1, "b": 2}
    assert dict(parallel.each(lambda name: table[name], table)) == table


def test_what_it_raises_is_raised_here():
    with pytest.raises(ZeroDivisionError):
        list(parallel.each(lambda name: 1 // int(name), ["1", "0", "2"]))


def test_one_name_needs_no_other_process():
    assert list(parallel.each(lambda name: os.getpid(), ["only"])) == [("only", os.getpid())]
    assert list(parallel.each(lambda name: name, [])) == []


def test_they_begin_before_the_first_result_is_asked_for(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    reader, writer = os.pipe()
    try:
        found = parallel.each(lambda name: os.write(writer, name.encode()), ["a", "b"])
        assert select.select([reader], [], [], 60)[0]
        assert list(found) == [("a", 1), ("b", 1)]
    finally:
        os.close(reader)
        os.close(writer)
