"""A thousand connections for next to nothing."""

import pytest
from test_sizes import check, serve


@pytest.mark.parametrize("schedule", ["static", "dynamic"])
def test_files_of_a_few_bytes_for_each_connection_arrive_whole(served, home, schedule):
    with serve(3, served, "--backlog", 1000) as server:
        check(3, server, home, [1])  # the first digest starts a thread
        fds, threads = server.fds(), server.threads()
        check(3, server, home, [0, 4097], "--connections", 1000, "--schedule", schedule)
        server.wait_until_idle(fds, threads)
