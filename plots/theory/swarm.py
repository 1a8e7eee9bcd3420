"""How fast a file can reach many peers, from one server alone or with the peers' help.

Sizes in Mbit, rates in Mbit/s, times in s. Lower bounds: a real swarm takes longer.
"""

import numpy as np

from plots.theory.check import count, number, plain, positive


def client_server_bound_s(peers, file_mbit, server_mbit_s, download_mbit_s):
    """max(N F / u_s, F / d): the server sends N copies, the slowest of N peers receives one."""
    f = positive("file_mbit", file_mbit)
    return plain(np.maximum(count("peers", peers) * f / positive("server_mbit_s", server_mbit_s),
                            f / positive("download_mbit_s", download_mbit_s)))


def swarm_bound_s(peers, file_mbit, server_mbit_s, download_mbit_s, upload_mbit_s):
    """max(F / u_s, F / d, N F / (u_s + N u)), where each of N peers uploads `upload_mbit_s`.

    All peers stay to the end, and every byte can be passed on at once (Kurose, Ross).
    """
    n, f = count("peers", peers), positive("file_mbit", file_mbit)
    server = positive("server_mbit_s", server_mbit_s)
    everybody = server + n * number("upload_mbit_s", upload_mbit_s, least=0.0)
    alone = np.maximum(f / server, f / positive("download_mbit_s", download_mbit_s))
    return plain(np.maximum(alone, n * f / everybody))


def qiu_srikant_s(download_files_s, upload_files_s, leave_per_s, effectiveness=1.0):
    """Steady mean download time of a swarm: max(1/c, (1/eta)(1/mu - 1/gamma)).

    c and mu in files a second, gamma the rate at which those who are done leave, eta how much of
    their upload peers can use (near 1 with many pieces). The arrival rate does not matter. Formula
    from memory (Qiu, Srikant 2004).
    """
    eta = number("effectiveness", effectiveness, above=0.0, most=1.0)
    upload = (1 / positive("upload_files_s", upload_files_s)
              - 1 / number("leave_per_s", leave_per_s, above=0.0, below=None)) / eta
    return plain(np.maximum(1 / positive("download_files_s", download_files_s), upload))
