"""How an address is asked for: the one module that knows a web library, behind a protocol of one method."""

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
"""How the client calls itself, so that a publisher can see who asks."""
PIECE = 1 << 16
"""Bytes read at a time, at most."""


@dataclass(frozen=True)
class Reply:
    """What a server answered.

    Parameters
    ----------
    status : int
        Status of HTTP.
    headers : mapping of str to str
        Headers, their names in lower case.
    body : bytes
        The whole body, unpacked.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text; a byte order mark is left out, and what is no UTF-8 is shown as such."""
        return self.body.decode("utf-8-sig", "replace")


@dataclass(frozen=True)
class Limits:
    """Seconds after which an answer is given up.

    Parameters
    ----------
    connect, silence, whole : float
        Seconds until a connection, between two pieces of an answer, and for all of it.
    """

    connect: float = 10.0
    silence: float = 60.0
    whole: float = 600.0


class Transport(Protocol):
    """What gets an address. A test, or an archive of answers, may give its own."""

    def get(self, url: str, limits: Limits) -> Reply:
        """Return the answer of a server, whatever its status.

        Raises
        ------
        UnreachableError
            There is no whole answer: no connection, too slow, or cut off.
        """
        ...


class WebTransport:
    """Answers over HTTP, by requests, with one connection kept open; proxies are those of the environment.

    Raises
    ------
    MissingFeatureError
        The library requests is not installed.
    """

    def __init__(self) -> None:
        self._session = _session()

    def get(self, url: str, limits: Limits) -> Reply:
        """Return the answer of a server; see `Transport`.

        Raises
        ------
        UnreachableError
            There is no whole answer.
        ProtocolError
            The address is none.
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
    """Return a session that asks for JSON and says who asks."""
    try:
        import requests
    except ImportError as error:
        raise MissingFeatureError(_("Fetching tables"), "data") from error
    session = requests.Session()
    session.headers.update({"User-Agent": AGENT, "Accept": "application/json"})
    return session


def _read(answer: Response, seconds: float) -> bytes:
    """Read a body to its end, at most for some seconds, however slowly it drips: what is there is read at once."""
    begun, pieces = monotonic(), list[bytes]()
    while piece := answer.raw.read1(PIECE, decode_content=True):
        pieces.append(piece)
        if monotonic() - begun > seconds:
            slow = _("the answer was not complete after {seconds} s")
            raise UnreachableError(slow.format(seconds=number(seconds, ",.15g")))
    return b"".join(pieces)


def _reason(error: Exception, limits: Limits) -> str:
    """Say why there is no answer, without the nesting of libraries."""
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
