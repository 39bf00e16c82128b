"""The circuit breaker."""

from __future__ import annotations

from api.dialogue.breaker import Breaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened() -> tuple[Breaker, Clock]:
    clock = Clock()
    breaker = Breaker(threshold=2, pause_s=1.0, longest_pause_s=3.0, clock=clock)
    for _ in range(2):
        assert breaker.allows()
        breaker.failed()
    return breaker, clock


def test_opens_after_failures_in_a_row() -> None:
    breaker, _ = opened()
    assert not breaker.allows()


def test_a_success_clears_the_count() -> None:
    breaker = Breaker(threshold=2)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.allows()


def test_one_attempt_after_the_pause_then_closed() -> None:
    breaker, clock = opened()
    clock.now = 1.1
    assert breaker.allows()
    assert not breaker.allows()
    breaker.succeeded()
    assert breaker.allows()


def test_the_pause_grows_up_to_its_bound() -> None:
    breaker, clock = opened()
    for pause in (2.0, 3.0, 3.0):
        clock.now += 3.1
        assert breaker.allows()
        breaker.failed()
        clock.now += pause - 0.2
        assert not breaker.allows()
        clock.now += 0.3
        assert breaker.allows()
        breaker.failed()
