"""A client of a web service: rate-limited, with retries when the service is busy, and with checked replies."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bayesmodel.errors import ProtocolError, UnknownTableError, UnreachableError
from bayesmodel.files import shortened
from bayesmodel.messages import _, number
from bayesmodel.sources.transport import Limits, Reply, Transport, WebTransport

PASSING = {408, 425, 429, 500, 502, 503, 504}
"""Status codes for which another attempt may succeed."""
GONE = {404, 410}


@dataclass(frozen=True)
class Patience:
    """How often and how fast requests are made.

    Parameters
    ----------
    attempts : int
        Attempts before a request fails.
    first_wait, longest_wait : float
        Seconds before the second attempt, doubled for each further one up to the longest. If the service asks for a
        longer wait, the request fails.
    pause : float
        Minimum number of seconds between requests.
    limits : Limits
        Timeouts of a request.
    """

    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 120.0
    pause: float = 0.2
    limits: Limits = field(default_factory=Limits)


class Service:
    """A web service of JSON.

    Parameters
    ----------
    transport : Transport, optional
        What fetches an address; by default over HTTP.
    patience : Patience
        How often and how fast requests are made.
    notify : callable of str
        Called each time that an attempt failed and another follows.
    sleep, clock : callable
        As in `time`; replaceable in tests.
    """

    def __init__(
        self,
        transport: Transport | None = None,
        patience: Patience = Patience(),
        notify: Callable[[str], None] = lambda text: None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = WebTransport() if transport is None else transport
        self._patience, self._notify, self._sleep, self._clock = patience, notify, sleep, clock
        self._last = -float("inf")

    def json(self, url: str) -> dict[str, Any]:
        """Return the JSON object at an address.

        Parameters
        ----------
        url : str
            Complete, including its query.

        Returns
        -------
        dict

        Raises
        ------
        UnknownTableError
            There is nothing at this address.
        UnreachableError
            No complete reply after all attempts.
        ProtocolError
            The reply is not a JSON object, or the service refuses the request.
        """
        return self._ask(url, _json_of)

    def text(self, url: str) -> str:
        """Return the text at an address; raises as `json`."""
        return self._ask(url, lambda reply, url: reply.text)

    def _ask[T](self, url: str, read: Callable[[Reply, str], T]) -> T:
        """Repeat a request until there is a reply that can be read."""
        patience = self._patience
        failure: UnreachableError | _CutOffError = UnreachableError()
        for attempt in range(1, patience.attempts + 1):
            self._pause()
            wait = min(patience.first_wait * 2 ** (attempt - 1), patience.longest_wait)
            try:
                reply = self._transport.get(url, patience.limits)
                if reply.status == 200:
                    return read(reply, url)
            except (UnreachableError, _CutOffError) as error:
                failure = error
            else:
                if reply.status not in PASSING:
                    raise _refused(reply, url)
                failure = UnreachableError(_status(reply))
                wait = max(seconds_to_wait(reply.headers.get("retry-after", "")) or 0.0, wait)
                if wait > patience.longest_wait:
                    raise _left_alone(reply, url, wait)
            if attempt < patience.attempts:
                again = _("{why}; attempt {next} of {attempts} in {seconds} s")
                number_of = {"next": number(attempt + 1), "attempts": number(patience.attempts)}
                self._notify(again.format(why=failure, seconds=_round(wait), **number_of))
                self._sleep(wait)
        raise _given_up(failure, url, patience.attempts) from failure

    def _pause(self) -> None:
        """Wait until the last request is long enough ago."""
        left = self._last + self._patience.pause - self._clock()
        if left > 0:
            self._sleep(left)
        self._last = self._clock()


class _CutOffError(ProtocolError):
    """A reply that cannot be read; another attempt may succeed."""


def seconds_to_wait(header: str) -> float | None:
    """Return the seconds to wait according to ``Retry-After``, a number or a date; None if it is neither.

    Examples
    --------
    >>> seconds_to_wait("120"), seconds_to_wait("soon"), seconds_to_wait("Wed, 21 Oct 2015 07:28:00 GMT")
    (120.0, None, 0.0)
    """
    if header.strip().isdigit():
        return float(header)
    try:
        then = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max((then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)


def _json_of(reply: Reply, url: str) -> dict[str, Any]:
    """Read a reply as a JSON object."""
    kind = reply.headers.get("content-type", "")
    begins = shortened(" ".join(reply.text[:80].split()))
    if "json" not in kind.lower():
        other = _("the answer is no JSON but {kind}, and begins with {begins!r}")
        raise _CutOffError(other.format(kind=kind or _("of no stated kind"), begins=begins))
    try:
        content = json.loads(reply.text)
    except ValueError as error:
        ended = _("the answer is no whole JSON ({bytes} bytes, ending in {ends!r})")
        raise _CutOffError(ended.format(bytes=number(len(reply.body)), ends=shortened(reply.text[-40:]))) from error
    if not isinstance(content, dict):
        raise ProtocolError(_("{url} gave no JSON object; it begins with {begins!r}.").format(url=url, begins=begins))
    return content


def _refused(reply: Reply, url: str) -> UnknownTableError | ProtocolError:
    """Return the error for a status that another attempt will not change."""
    if reply.status in GONE:
        return UnknownTableError(_("There is nothing at {url}.").format(url=url))
    message = shortened(" ".join(reply.text[:300].split()))
    return ProtocolError(_("{url} was refused ({why}): {said}").format(url=url, why=_status(reply), said=message))


def _left_alone(reply: Reply, url: str, wait: float) -> UnreachableError:
    """Return the error for a service that asks for too long a wait."""
    long = _("{url} asks to be left alone for {minutes} minutes ({why}). Try again after that.")
    return UnreachableError(long.format(url=url, minutes=_round(wait / 60), why=_status(reply)))


def _given_up(failure: Exception, url: str, attempts: int) -> UnreachableError | ProtocolError:
    """Return the error after the last attempt."""
    text = _(
        "{url} gave no usable answer in {attempts} attempts; the last time: {why}. Is there a connection to the "
        "internet, and is the service up? What was received is kept; the same command goes on from there."
    ).format(url=url, attempts=number(attempts), why=failure)
    return ProtocolError(text) if isinstance(failure, ProtocolError) else UnreachableError(text)


def _status(reply: Reply) -> str:
    """Return a status as text."""
    return _("status {status}").format(status=reply.status)


def _round(value: float) -> str:
    """Return seconds or minutes as text."""
    return number(value, ",.1f" if value < 10 else ",.0f")
