"""A server of the local pages, which this computer alone can reach and a page of somebody else cannot use."""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.util import find_spec
from socketserver import ThreadingMixIn
from threading import Event, Lock, Thread, Timer
from typing import Any
from urllib.parse import parse_qs, quote
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from bayesmodel.errors import BayesModelError, MissingFeatureError, OutputError, UnknownNameError
from bayesmodel.messages import Language, _, speaking
from bayesmodel.report.local_pages import HTML, LocalSite, Reply
from bayesmodel.theme import theme, themed

HERE = "127.0.0.1"
"""The only address it listens on: no other computer can reach it."""
MOST_LETTERS, MOST_FIELDS, MOST_BYTES = 8_000, 200, 1_000
"""Of an address, of what is filled in, and of the body of a request."""
PATIENCE = 20
"""Seconds that a browser may be silent in the middle of a request."""
SOON = 0.5
"""Seconds in which the last page is sent."""
HEADERS = (
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)
NOTHING = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]


class _Handler(WSGIRequestHandler):
    """A request; nothing is logged, and a silent browser is not waited for."""

    timeout = PATIENCE

    def get_environ(self) -> Environ:
        """Return the request as pages read it; of two lengths neither is believed."""
        environ: Environ = super().get_environ()
        if len(self.headers.get_all("Content-Length", [])) > 1:
            environ["CONTENT_LENGTH"] = "two"
        return environ

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the overridden method
        """Print nothing: addresses hold the secret."""


class _Server(ThreadingMixIn, WSGIServer):
    """A thread for each request: browsers open connections that they do not use at once."""

    daemon_threads = True


@dataclass(eq=False)
class LocalServer:
    """The pages of a site at an address with a secret in it, which only who started it knows.

    Every request must name this address as its host (a page elsewhere whose name was made to lead here does not), must
    hold the secret, and may not come from a page of another origin. The address for the browser works once, as other
    users of this computer can see what a browser was started with.

    Parameters
    ----------
    site : LocalSite
    port : int
        0 for any that is free.

    Raises
    ------
    MissingFeatureError
        bottle is not installed.
    OutputError
        The port is taken.

    Examples
    --------
    >>> from bayesmodel.report.country_estimates import country_of
    >>> from bayesmodel.testing import invented_fit
    >>> with LocalServer(LocalSite(country_of(invented_fit()))) as server:  # doctest: +SKIP
    ...     server.wait()
    """

    site: LocalSite
    port: int = 0
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    ticket: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    _stop: Event = field(default_factory=Event, repr=False)

    def __post_init__(self) -> None:
        pages = _application(self)
        try:
            self._server = _Server((HERE, self.port), _Handler)
        except OSError as error:
            said = _("Port {port} is not free: {why}. Choose another with --port, or leave it out.")
            raise OutputError(said.format(port=self.port, why=error.strerror or error)) from error
        self.port = int(self._server.server_address[1])
        self._server.set_app(_guarded(pages, self))
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)

    @property
    def address(self) -> str:
        """The address, with the secret."""
        return f"http://{HERE}:{self.port}/{self.secret}/"

    @property
    def address_once(self) -> str:
        """An address that leads to the first one, once."""
        return f"http://{HERE}:{self.port}/{self.ticket}"

    def __enter__(self) -> LocalServer:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.site.close()

    def wait(self) -> None:
        """Wait until a reader closes it on its page."""
        while not self._stop.wait(0.5):  # in parts, so that Ctrl-C is heard everywhere
            pass

    def stop(self) -> None:
        """Let `wait` end, when the last page has been sent."""
        Timer(SOON, self._stop.set).start()

    def refusal(self, environ: Environ) -> str | None:
        """Return the status with which a request is refused before anything looks at it; None when it may pass."""
        hosts = {f"{HERE}:{self.port}", f"localhost:{self.port}"}
        method, length = environ["REQUEST_METHOD"], environ.get("CONTENT_LENGTH") or "0"
        if environ.get("HTTP_HOST", "") not in hosts:
            return "421 Misdirected Request"
        if method not in {"GET", "HEAD", "POST"}:
            return "405 Method Not Allowed"
        if len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", "")) > MOST_LETTERS:
            return "414 URI Too Long"
        if environ.get("HTTP_TRANSFER_ENCODING") or not re.fullmatch(r"[0-9]{1,15}", length):
            return "400 Bad Request"
        if int(length) > MOST_BYTES:
            return "413 Content Too Large"
        where, origin = environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN")
        own = {f"http://{host}" for host in hosts}
        if where not in {None, "none", "same-origin"} or origin not in {None, "null", *own}:
            return "403 Forbidden"
        # a form on these pages has no origin to tell, as they send no referrer; the browser itself says whose it is
        if method == "POST" and origin not in own and where != "same-origin":
            return "403 Forbidden"
        return None


def _guarded(pages: Application, server: LocalServer) -> Application:
    """Return pages that only requests with the secret reach, from this computer and from no other origin."""

    def guarded(environ: Environ, start: Start) -> Iterable[bytes]:
        _empty, first, *rest = f"{environ.get('PATH_INFO', '')}//".split("/", 2)
        status = server.refusal(environ)
        if status is None and server.ticket and _same(first, server.ticket):
            server.ticket = ""
            start("303 See Other", [*HEADERS, ("Location", f"/{server.secret}/"), ("Content-Length", "0")])
            return []
        if status is None and not _same(first, server.secret):
            status = "404 Not Found"
        if status is not None:
            kind = ("Content-Type", "text/plain"), ("Content-Length", str(len(status)))
            start(status, [*HEADERS, ("Content-Security-Policy", NOTHING), *kind])
            return [status.encode()]
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = f"/{server.secret}", "/" + rest[0].removesuffix("//")
        return pages(environ, start)

    return guarded


def _same(given: str, secret: str) -> bool:
    """Return whether a text is the secret, in a time that does not tell how much of it is right."""
    return secrets.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def refuse_missing_bottle() -> None:
    """Raise `MissingFeatureError` if bottle is not installed."""
    if not find_spec("bottle"):
        raise MissingFeatureError(_("The local page"), "open")


def _application(server: LocalServer) -> Application:
    """Return the pages of a site, one at a time: the language of messages is one for the whole program."""
    refuse_missing_bottle()
    from bottle import Bottle, HTTPResponse, request

    app, one_at_a_time, style, site = Bottle(), Lock(), theme(), server.site

    def answer(make: Callable[[], Reply], language: Language) -> Any:
        status = 200
        with one_at_a_time, speaking(language), themed(style):
            try:
                reply = make()
            except BayesModelError as error:
                reply, status = site.wrong(error, language), 404 if isinstance(error, UnknownNameError) else 400
        return HTTPResponse(reply.body, status, dict(headers_of(reply)))

    def first() -> Any:
        return HTTPResponse("", 303, {**dict(HEADERS), "Location": f"{site.country.fit.study.report.language}/"})

    def page(language: Language, name: str = "") -> Any:
        try:
            query = parse_qs(request.query_string, max_num_fields=MOST_FIELDS, errors="replace")
        except ValueError:
            return HTTPResponse("", 400, dict(HEADERS))
        return answer(lambda: site.page(name, language, query), language)

    def stop(language: Language) -> Any:
        server.stop()
        return answer(lambda: site.stopped(language), language)

    def other(error: Any) -> Any:
        return HTTPResponse(error.status_line, error.status, {**dict(HEADERS), "Content-Security-Policy": NOTHING})

    app.route("/", "GET", first)
    app.route("/<language:re:nl|en>/", "GET", page)
    app.route("/<language:re:nl|en>/<name:path>", "GET", page)
    app.route("/<language:re:nl|en>/stop", "POST", stop)
    app.default_error_handler = other
    wsgi: Application = app.wsgi
    return wsgi


def headers_of(reply: Reply) -> list[tuple[str, str]]:
    """Return the headers of a reply: what it is, and that a browser may do nothing with it but show it.

    Examples
    --------
    >>> dict(headers_of(Reply(b"", "text/csv", 'a"; b.csv')))["Content-Disposition"]
    "attachment; filename*=UTF-8''a%22%3B%20b.csv"
    """
    headers = [*HEADERS, ("Content-Type", reply.kind), ("Content-Security-Policy", policy_of(reply))]
    if reply.file:
        headers.append(("Content-Disposition", f"attachment; filename*=UTF-8''{quote(reply.file, safe='')}"))
    return headers


def policy_of(reply: Reply) -> str:
    """Return the content security policy of a reply: the styles and scripts that are in it, by their hash, no others.

    The map sets styles by script, so that its styles cannot be listed.

    Examples
    --------
    >>> policy_of(Reply(b"<style>p{}</style>")).split("; ")[3]
    "style-src 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='"
    """
    if reply.kind != HTML:
        return NOTHING
    page = reply.body.decode()
    scripts = _hashes(re.findall(r"<script>(.*?)</script>", page, re.DOTALL))
    styles = "'unsafe-inline'" if scripts else _hashes(re.findall(r"<style>(.*?)</style>", page, re.DOTALL))
    allowed = [NOTHING, f"style-src {styles}", "img-src data:", "form-action 'self'"]
    return "; ".join([*allowed, *([f"script-src {scripts}"] if scripts else [])])


def _hashes(pieces: list[str]) -> str:
    """Return the hashes of pieces of a page, as a policy writes them."""
    return " ".join(f"'sha256-{b64encode(sha256(piece.encode()).digest()).decode()}'" for piece in pieces)
