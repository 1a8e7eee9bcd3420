"""HTTP as the tests speak it: by hand over a socket, and by the programs that people use."""

import contextlib
import shutil
import socket
import subprocess
from typing import NamedTuple

import lab
import pytest

NGINX_CONF = """
daemon off;
master_process off;
pid {work}/nginx.pid;
error_log {work}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    server {{ listen {listen}; {settings} root {root}; }}
}}
"""


def needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def url(server, path=""):
    return f"http://{server.address}/{path}"


class Answer(NamedTuple):
    status: int
    fields: dict  # names in lower case
    body: bytes


def request(target, *fields, method="GET", version="1.1"):
    """A request's bytes; with a Host."""
    lines = [f"{method} {target} HTTP/{version}", "Host: test", *fields]
    return "".join(line + "\r\n" for line in [*lines, ""]).encode()


def receive_answer(client, head_only=False):
    """The next answer on a RawClient. head_only: it answers a HEAD."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = client.receive(1)
        assert piece, f"closed after {head!r}"
        head += piece
    lines = head.decode("latin-1").split("\r\n")
    assert lines[0].startswith("HTTP/1.1 "), lines[0]
    status = int(lines[0].split()[1])
    fields = {name.lower(): value for name, _, value in
              (line.partition(": ") for line in lines[1:] if line)}  # fmt: skip
    length = 0 if head_only or status == 304 else int(fields["content-length"])
    body = client.receive(length)
    assert len(body) == length, f"closed after {len(body)} of {length} bytes"
    return Answer(status, fields, body)


def ask(server, *requests, head_only=False):
    """Sends the requests in one piece over one connection; their answers."""
    with lab.RawClient(server) as client:
        client.send(b"".join(requests))
        return [receive_answer(client, head_only) for _ in requests]


class Nginx:
    """What lab.RawClient needs of a server, for an nginx that listens on a Unix socket: no port of
    its can be taken by another program."""

    def __init__(self, path):
        self.path = path

    def is_listening(self):
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.path) == 0

    def ask(self, sent, head_only=False):
        with UnixClient(self.path) as client:
            client.send(sent)
            return receive_answer(client, head_only)


class UnixClient(lab.RawClient):
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(path)


@contextlib.contextmanager
def started_nginx(root, work, listen, settings=""):
    """The process of an nginx that serves root, with its files in work."""
    work.mkdir()
    (work / "nginx.conf").write_text(
        NGINX_CONF.format(work=work, root=root, listen=listen, settings=settings)
    )
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", "nginx", "-p", work, "-c", work / "nginx.conf", "-e",
         work / "error.log"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def nginx(root, work):
    """An nginx that serves root, with its files in work."""
    with started_nginx(root, work, f"unix:{work}/socket"):
        server = Nginx(str(work / "socket"))
        lab.wait_until(server.is_listening, "nginx is listening")
        yield server


class NginxOnPort(NamedTuple):
    """What a Proxy or url() needs of a server."""

    host: str
    port: int
    address: str
    process: subprocess.Popen

    def is_listening(self):
        with socket.socket() as probe:
            return probe.connect_ex((self.host, self.port)) == 0

    def kill(self):
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def nginx_on_port(root, work, certificate=None, settings=""):
    """An nginx that serves root on a free port; with a certificate, and its key beside it, over
    TLS. No other program can take the port meanwhile: we hold it, and share it with nginx."""
    if certificate:
        settings += f"ssl_certificate {certificate}; ssl_certificate_key {certificate}.key;"
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(("127.0.0.1", 0))
        host, port = held.getsockname()
        listen = f"{host}:{port} reuseport{' ssl' if certificate else ''}"
        with started_nginx(root, work, listen, settings) as process:
            server = NginxOnPort(host, port, f"{host}:{port}", process)
            lab.wait_until(server.is_listening, "nginx is listening")
            yield server


def make_certificate(path):
    """A certificate for 127.0.0.1 that nobody but itself vouches for, and PATH.key."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=dlab test", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", f"{path}.key", "-out", path],
        check=True, capture_output=True, stdin=subprocess.DEVNULL)  # fmt: skip
    return path
