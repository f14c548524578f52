"""HTTP requests: the only module that uses a web library, behind a protocol with one method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from bayesmodel.errors import MissingFeatureError, ProtocolError, UnreachableError
from bayesmodel.files import shortened
from bayesmodel.messages import _, number

if TYPE_CHECKING:
    from requests import Response, Session

AGENT = "bayesmodel (small-area statistics; open data client)"
"""How the client identifies itself to the publisher."""
PIECE = 1 << 16
"""Most bytes to read at a time."""


@dataclass(frozen=True)
class Reply:
    """The reply of a server.

    Parameters
    ----------
    status : int
        HTTP status code.
    headers : mapping of str to str
        Headers, with names in lower case.
    body : bytes
        The complete body, decompressed.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text, without a byte order mark; invalid UTF-8 is replaced."""
        return self.body.decode("utf-8-sig", "replace")


@dataclass(frozen=True)
class Limits:
    """Timeouts of a request.

    Parameters
    ----------
    connect, silence, whole : float
        Seconds for connecting, between two chunks of a reply, and for the complete reply.
    """

    connect: float = 10.0
    silence: float = 60.0
    whole: float = 600.0


class Transport(Protocol):
    """What fetches an address; can be replaced, by a test or by an archive of replies."""

    def get(self, url: str, limits: Limits) -> Reply:
        """Return the reply of a server, whatever its status.

        Raises
        ------
        UnreachableError
            There is no complete reply: no connection, too slow, or cut off.
        """
        ...


class WebTransport:
    """Replies over HTTP by requests, with a persistent connection; proxies are taken from the environment.

    Raises
    ------
    MissingFeatureError
        The library requests is not installed.
    """

    def __init__(self) -> None:
        self._session = _session()

    def get(self, url: str, limits: Limits) -> Reply:
        """Return the reply of a server; see `Transport`.

        Raises
        ------
        UnreachableError
            There is no complete reply.
        ProtocolError
            The address is invalid.
        """
        from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema, RequestException
        from urllib3.exceptions import HTTPError

        try:
            with self._session.get(url, timeout=(limits.connect, limits.silence), stream=True) as answer:
                body = _read(answer, limits.whole)
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Reply(answer.status_code, headers, body)
        except (MissingSchema, InvalidSchema, InvalidURL) as error:
            none = _("{url} is no address of a server; one begins with https:// or http://.")
            raise ProtocolError(none.format(url=shortened(url))) from error
        except (RequestException, HTTPError, OSError) as error:
            raise UnreachableError(_reason(error, limits)) from error


def _session() -> Session:
    """Return a session that requests JSON and identifies the client."""
    try:
        import requests
    except ImportError as error:
        raise MissingFeatureError(_("Fetching tables"), "data") from error
    session = requests.Session()
    session.headers.update({"User-Agent": AGENT, "Accept": "application/json"})
    return session


def _read(answer: Response, seconds: float) -> bytes:
    """Read a body to its end with a time limit, in whatever chunks are available, however slowly they arrive."""
    begun, pieces = monotonic(), list[bytes]()
    while piece := answer.raw.read1(PIECE, decode_content=True):
        pieces.append(piece)
        if monotonic() - begun > seconds:
            slow = _("the answer was not complete after {seconds} s")
            raise UnreachableError(slow.format(seconds=number(seconds, ",.15g")))
    return b"".join(pieces)


def _reason(error: Exception, limits: Limits) -> str:
    """Return why there is no reply, without the nested messages of libraries."""
    from requests import exceptions
    from urllib3 import exceptions as below

    match error:
        case exceptions.ConnectTimeout():
            return _("no connection within {seconds} s").format(seconds=number(limits.connect, ",.15g"))
        case exceptions.Timeout() | below.ReadTimeoutError():
            return _("silence for {seconds} s").format(seconds=number(limits.silence, ",.15g"))
        case below.ProtocolError() | below.DecodeError():
            return _("the answer was cut off")
        case exceptions.SSLError():
            return _("the certificate of the server is not trusted: {why}").format(why=shortened(error))
        case exceptions.ConnectionError():
            return _("no connection")
        case _:
            return shortened(error)
