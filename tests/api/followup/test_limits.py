"""Rate limits: a person is never slowed, a program is, and memory stays bounded."""

from __future__ import annotations

from api.followup.limits import ADDRESSES, WINDOW_S, Limiter


def test_it_fills_then_empties_with_time() -> None:
    now = [0.0]
    limiter = Limiter(3, clock=lambda: now[0])
    for _ in range(3):
        assert not limiter.full("a")
        limiter.note("a")
        now[0] += 1
    assert limiter.full("a")
    assert not limiter.full("b")
    now[0] += WINDOW_S - 2
    assert not limiter.full("a")


def test_it_forgets_the_oldest_addresses() -> None:
    limiter = Limiter(1)
    for n in range(ADDRESSES + 10):
        limiter.note(str(n))
    assert len(limiter._seen) == ADDRESSES
    assert not limiter.full("0")
    assert limiter.full(str(ADDRESSES + 9))
