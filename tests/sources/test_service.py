"""A service is asked politely: waits that double, waits that it asks for, no question too soon, and never for ever."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bayesmodel.errors import ProtocolError, UnknownTableError, UnreachableError
from bayesmodel.sources import Patience, Reply, Service
from bayesmodel.sources.service import seconds_to_wait

JSON = {"content-type": "application/json"}
WELL = Reply(200, JSON, b'{"value": []}')


class Scripted:
    """Gives answers one after another, or raises them."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def get(self, url, limits):
        self.asked.append(url)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.now, self.slept = 100.0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def service_of(*answers, **patience):
    clock, transport = Clock(), Scripted(*answers)
    asked = Patience(**{"pause": 0.0, "first_wait": 1.0, **patience})
    return Service(transport, asked, sleep=clock.sleep, clock=clock), transport, clock


def status(number, **headers):
    return Reply(number, JSON | headers, b"{}")


def test_waits_double_and_stay_below_the_longest():
    service, transport, clock = service_of(status(503), attempts=6, longest_wait=5.0)
    with pytest.raises(UnreachableError, match=r"6 attempts.*status 503"):
        service.json("http://x/y")
    assert clock.slept == [1.0, 2.0, 4.0, 5.0, 5.0]
    assert len(transport.asked) == 6


@pytest.mark.parametrize("number", [408, 425, 429, 500, 502, 503, 504])
def test_a_status_that_passes_is_asked_again(number):
    service, transport, _ = service_of(status(number), WELL)
    assert service.json("http://x/y") == {"value": []}
    assert len(transport.asked) == 2


@pytest.mark.parametrize(("number", "kind"), [(404, UnknownTableError), (410, UnknownTableError), (400, ProtocolError)])
def test_a_status_that_stays_is_asked_once(number, kind):
    service, transport, clock = service_of(status(number))
    with pytest.raises(kind):
        service.json("http://x/y")
    assert (len(transport.asked), clock.slept) == (1, [])


def test_the_wait_that_is_asked_for_is_kept():
    service, _, clock = service_of(status(429, **{"retry-after": "17"}), WELL)
    service.json("http://x/y")
    assert clock.slept == [17.0]


def test_a_wait_shorter_than_our_own_does_not_hurry_us():
    service, _, clock = service_of(status(429, **{"retry-after": "0"}), WELL, first_wait=3.0)
    service.json("http://x/y")
    assert clock.slept == [3.0]


def test_a_wait_until_a_date_is_understood():
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    assert 30 < seconds_to_wait(soon) <= 40


def test_a_wait_of_hours_is_not_waited_for():
    service, transport, clock = service_of(status(503, **{"retry-after": "7200"}))
    with pytest.raises(UnreachableError, match="120 minutes"):
        service.json("http://x/y")
    assert (len(transport.asked), clock.slept) == (1, [])


def test_two_questions_are_never_too_close():
    service, _, clock = service_of(WELL, pause=0.5)
    for _ in range(3):
        service.json("http://x/y")
    assert clock.slept == [0.5, 0.5]


def test_each_failed_attempt_is_told_with_its_reason():
    told = []
    service = Service(
        Scripted(UnreachableError("no connection"), WELL), Patience(pause=0.0), told.append, lambda s: None
    )
    service.json("http://x/y")
    assert told == ["no connection; attempt 2 of 5 in 1.0 s"]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(200, {"content-type": "text/html"}, b"<html>Onderhoud"), "text/html.*<html>Onderhoud"),
        (Reply(200, JSON, b'{"value": [1, 2'), r"no whole JSON \(15 bytes"),
        (Reply(200, {}, b"{}"), "no stated kind"),
    ],
)
def test_what_cannot_be_read_is_asked_again_and_then_shown(reply, said):
    service, transport, _ = service_of(reply, attempts=2)
    with pytest.raises(ProtocolError, match=said):
        service.json("http://x/y")
    assert len(transport.asked) == 2


def test_what_is_no_object_is_refused_at_once():
    service, transport, _ = service_of(Reply(200, JSON, json.dumps([1]).encode()))
    with pytest.raises(ProtocolError, match="no JSON object"):
        service.json("http://x/y")
    assert len(transport.asked) == 1
