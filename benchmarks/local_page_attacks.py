"""Attacks on the local page: requests as another program, another page or another user of the computer would send."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bayesmodel.report.local_server import HERE, LocalServer

CANARY = "this-may-not-be-read"
"""What stands in every file that may not be read; a reply that holds it is a leak."""
OUTSIDE = "outside.csv"
"""A file beside the results folder."""


@dataclass(frozen=True)
class Attack:
    """A request, and whether what comes back shows that it was stopped.

    Parameters
    ----------
    name : str
    request : bytes
        As it goes over the wire.
    stopped : callable
        From the reply, as bytes, to whether the attack failed.
    """

    name: str
    request: bytes
    stopped: Callable[[bytes], bool]


def refused(reply: bytes) -> bool:
    """Whether nothing but a refusal came back: no page, no other address, nothing of a file.

    What is no request at all gets the page of an error without a status.
    """
    return CANARY.encode() not in reply and (not reply or status_of(reply) >= 400 or b"Error code: 400" in reply)


def status_of(reply: bytes) -> int:
    """Return the status of a reply; 0 where it has none."""
    found = re.match(rb"HTTP/1\.\d (\d{3})", reply)
    return int(found[1]) if found else 0


def attacks_on(server: LocalServer) -> Iterator[Attack]:
    """Yield attacks on a running server; beside its results folder lies `OUTSIDE`, and links in it lead there."""
    base = f"/{server.secret}/nl"

    def get(path: str, *headers: str, host: str = f"{HERE}:{server.port}", method: str = "GET") -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def attack(name: str, request: bytes, stopped: Callable[[bytes], bool] = refused) -> Attack:
        return Attack(name, request, stopped)

    for path in (
        *(f"../{OUTSIDE}", f"..%2f{OUTSIDE}", f"..%2F{OUTSIDE}", f"%2e%2e/{OUTSIDE}", f"%2e%2e%2f{OUTSIDE}"),
        *(f"..%252f{OUTSIDE}", f"%252e%252e%252f{OUTSIDE}", f"..\\{OUTSIDE}", f"..%5c{OUTSIDE}", f"....//{OUTSIDE}"),
        *(f"..%c0%af{OUTSIDE}", f"%c0%ae%c0%ae/{OUTSIDE}", f"..%ef%bc%8f{OUTSIDE}", f"..%00/{OUTSIDE}"),
        *(f"{OUTSIDE}%00.csv", f"./../{OUTSIDE}", f"tables/../../{OUTSIDE}", "/etc/passwd", "%2fetc%2fpasswd"),
        *("../../../../../../etc/passwd", "file:///etc/passwd", "//etc/passwd", "C:%5cwindows%5cwin.ini"),
        *("fit.nc", "provenance.json", "", ".", "..", "%2e", "CON", "tables.csv/", "link.csv", "linked/outside.csv"),
        *("pipe.csv", "folder.csv", "~/.ssh/id_rsa", "$HOME", "%0d%0aSet-Cookie:x=1", "a%0d%0aX-Injected:%20yes"),
    ):
        yield attack(f"path tables/{path}", get(f"{base}/tables/{path}"))
    for path in (
        f"{base}/../../{OUTSIDE}",
        f"/../{OUTSIDE}",
        f"{base}//etc/passwd",
        f"{base}/static/x",
        f"{base}/.git/config",
    ):
        yield attack(f"path {path.replace(server.secret, 'secret')}", get(path))
    for name, code in (
        ("report", "../../etc/passwd"),
        ("report", "GM9999"),
        ("sheet", "%00"),
        ("areas", "x%0d%0aX: y"),
    ):
        yield attack(f"{name} of {code}", get(f"{base}/{name}?code={code.replace(' ', '%20')}"))
    yield attack("report in another form", get(f"{base}/report?code=GM0001&as=../../x"))
    yield attack("sheet named as script", get(f"{base}/sheet?code=%3Cscript%3Ealert(1)%3C/script%3E"), _no_script)
    yield attack("compare named as script", get(f"{base}/compare?area=%3Cscript%3Ealert(1)%3C/script%3E"), _no_script)
    yield attack(
        "also named as script", get(f"{base}/compare?also=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E"), _no_script
    )

    for host in (
        *(
            "evil.example",
            f"evil.example:{server.port}",
            "",
            HERE,
            f"{HERE}:1",
            f"127.0.0.1.evil.example:{server.port}",
        ),
        *(f"localhost.evil.example:{server.port}", f"0.0.0.0:{server.port}", f"[::1]:{server.port}"),
        *(f"{HERE}:{server.port}@evil.example", f"evil.example, {HERE}:{server.port}", f"127.1:{server.port}"),
    ):
        yield attack(f"host {host or '(empty)'}", get(f"{base}/", host=host))
    own = f"{HERE}:{server.port}"
    yield attack("no host", f"GET {base}/ HTTP/1.0\r\n\r\n".encode())
    yield attack("two hosts", get(f"{base}/", "Host: evil.example"))
    yield attack("a whole address of another host", get(f"http://evil.example{base}/"))
    yield attack("forwarded host", get(f"{base}/", f"X-Forwarded-Host: {own}", host="evil.example"))

    for token in ("", "x", server.secret[:-1], server.secret + "x", server.secret.swapcase(), "%00", "..", "nl"):
        yield attack(f"secret {'(empty)' if not token else 'wrong'}", get(f"/{token}/nl/"))
    yield attack("no path", get("/"))
    yield attack("the secret as a parameter", get(f"/nl/?token={server.secret}"))
    yield attack("the secret as a cookie", get("/nl/", f"Cookie: token={server.secret}"))
    yield attack(
        "the address for the browser a second time", get(f"/{'used' if not server.ticket else server.ticket}x")
    )

    for where in ("cross-site", "same-site"):
        yield attack(f"read by a page that is {where}", get(f"{base}/", f"Sec-Fetch-Site: {where}"))
        yield attack(f"post of a page that is {where}", get(f"{base}/stop", f"Sec-Fetch-Site: {where}", method="POST"))
    for origin in (
        "http://evil.example",
        "null",
        f"http://{HERE}:1",
        "https://" + own,
        f"http://{own}.evil.example",
        "file://",
    ):
        yield attack(f"post from {origin}", get(f"{base}/stop", f"Origin: {origin}", method="POST"))
    yield attack("read from another origin", get(f"{base}/", "Origin: http://evil.example"))
    yield attack("post without origin", get(f"{base}/stop", method="POST"))
    yield attack("stopping by a link", get(f"{base}/stop"))
    form = "Content-Type: application/x-www-form-urlencoded"
    yield attack("form of another page", get(f"{base}/stop", "Origin: http://evil.example", form, method="POST"))

    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "X" * 200):
        yield attack(f"method {method[:10]}", get(f"{base}/", method=method))
    yield attack("post to a page", get(f"{base}/report", f"Origin: http://{own}", method="POST"))

    yield attack("a long address", get(f"{base}/{'a' * 20_000}"))
    yield attack("an address beyond any line", get(f"{base}/{'a' * 200_000}"))
    yield attack("a long question", get(f"{base}/areas?code={'a' * 20_000}"))
    yield attack("many fields", get(f"{base}/compare?{'&'.join(['area=x'] * 3_000)}"))
    yield attack("a few hundred fields", get(f"{base}/compare?{'&'.join(['a=x'] * 400)}"))
    yield attack("many headers", get(f"{base}/", *(f"X-{nth}: 1" for nth in range(500))))
    yield attack("a long header", get(f"{base}/", f"X-Long: {'a' * 100_000}"))
    same = f"Origin: http://{own}"
    yield attack("a huge body", get(f"{base}/stop", same, "Content-Length: 10000000000", method="POST"))
    yield attack("a negative body", get(f"{base}/stop", same, "Content-Length: -1", method="POST"))
    yield attack("two lengths", get(f"{base}/stop", same, "Content-Length: 1", "Content-Length: 2", method="POST"))
    chunked = "Transfer-Encoding: chunked"
    yield attack("a body in chunks", get(f"{base}/stop", same, chunked, method="POST") + b"ffffffff\r\n")
    yield attack("smuggled request", get(f"{base}/", "Content-Length: 0", chunked) + b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    yield attack("no request at all", b"\x00\xff" * 500 + b"\r\n\r\n")
    yield attack("a request of TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40 + b"\r\n\r\n")


def _no_script(reply: bytes) -> bool:
    """Whether what was asked came back as text only."""
    return status_of(reply) >= 400 and b"<script" not in reply and b"<img" not in reply


def tried(server: LocalServer, attack: Attack) -> bytes:
    """Send the request of an attack and return what comes back."""
    with socket.create_connection((HERE, server.port), timeout=15) as connection:
        try:
            connection.sendall(attack.request)
            connection.shutdown(socket.SHUT_WR)
        except OSError:  # refused before it was all sent
            pass
        reply = b""
        try:
            while part := connection.recv(65_536):
                reply += part
        except OSError:
            pass
    return reply
