"""The web itself: a connection that is refused, silence, drops, a body that is cut off, a library that is not there."""

import builtins
import socket
import threading
import time

import pytest

from bayesmodel.errors import MissingFeatureError, ProtocolError, UnreachableError
from bayesmodel.sources.transport import AGENT, Limits, WebTransport
from benchmarks.sources.local_cbs import LocalCbs


@pytest.fixture
def raw_server():
    """Gives a function that answers one connection with bytes, a piece at a time; returns the address."""
    opened = []

    def serve(*pieces, pause=0.0):
        listener = socket.create_server(("127.0.0.1", 0))
        opened.append(listener)

        def answer():
            connection, _ = listener.accept()
            with connection:
                asked.append(connection.recv(65536))
                for piece in pieces:
                    try:
                        connection.sendall(piece)
                    except OSError:
                        return
                    time.sleep(pause)

        threading.Thread(target=answer, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    asked = serve.asked = []
    yield serve
    for listener in opened:
        listener.close()


def test_an_answer_has_status_headers_in_lower_case_and_its_body(raw_server):
    url = raw_server(b"HTTP/1.1 418 Teapot\r\nX-Kind: tea\r\nContent-Length: 3\r\n\r\ntea")
    reply = WebTransport().get(url, Limits())
    assert (reply.status, reply.headers["x-kind"], reply.text) == (418, "tea", "tea")
    assert AGENT.encode() in raw_server.asked[0]


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(UnreachableError, match="no connection"):
        WebTransport().get(f"http://127.0.0.1:{port}/", Limits())


def test_silence_is_not_waited_for(raw_server):
    url = raw_server(b"HTTP/1.1 200 OK\r\n", pause=5.0)
    begun = time.monotonic()
    with pytest.raises(UnreachableError, match="silence"):
        WebTransport().get(url, Limits(silence=0.2))
    assert time.monotonic() - begun < 4


def test_drops_without_end_are_not_waited_for(raw_server):
    """Each drop is within the limit of silence; all of them together are not within that of the whole."""
    url = raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", *[b"x"] * 50, pause=0.1)
    with pytest.raises(UnreachableError, match="not complete after 1 s"):
        WebTransport().get(url, Limits(silence=3.0, whole=1.0))


def test_a_body_shorter_than_promised_is_cut_off(raw_server):
    url = raw_server(b'HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"value": []}')
    with pytest.raises(UnreachableError, match="the answer was cut off"):
        WebTransport().get(url, Limits())


@pytest.mark.parametrize("address", ["cbs", "ftp://cbs/x", "http://"])
def test_an_address_that_is_none_is_not_tried_again(address):
    with pytest.raises(ProtocolError, match="no address"):
        WebTransport().get(address, Limits())


def test_without_the_library_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def absent(name, *args, **kwargs):
        if name == "requests":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(MissingFeatureError, match=r"bayesmodel-sae\[data\]"):
        WebTransport()


def test_one_connection_serves_many_questions(tables):
    with LocalCbs(tables.values()) as server:
        web = WebTransport()
        replies = [web.get(f"{server.url}/ODataFeed/odata/83782NED/TableInfos", Limits()) for _ in range(3)]
    assert [reply.status for reply in replies] == [200] * 3
