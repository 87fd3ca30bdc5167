"""What grows without being copied says the same as a plain copy, however it grew."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.growing import MANY, Grown, Times
from tests.hongkou import at

BEGINS = at("2022-02-14", 8)
CHANGES = st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers()), max_size=60)


@settings(deadline=None)
@given(CHANGES)
def test_a_mapping_that_grows_is_the_plain_one_and_its_past_stays(changes: list[tuple[int, int | None]]) -> None:
    grown, plain = Grown[int, int](), dict[int, int]()
    past = [(grown, dict(plain))]
    for key, value in changes:
        if value is None:
            grown = grown.without(key)
            plain.pop(key, None)
        else:
            grown = grown.put(key, value)
            plain[key] = value
        past.append((grown, dict(plain)))
    for then, wanted in past:
        assert then == wanted
        assert (len(then), set(then), sorted(then.values())) == (len(wanted), set(wanted), sorted(wanted.values()))


def test_what_grew_beyond_its_overlay_is_the_same() -> None:
    grown = Grown[int, int]({-1: -1})
    for number in range(3 * MANY):
        grown = grown.put(number, number)
    for number in range(0, 3 * MANY, 2):
        grown = grown.without(number)
    assert list(grown) == [-1, *range(1, 3 * MANY, 2)]
    assert 2 not in grown
    assert grown.get(2) is None


@dataclass(frozen=True)
class Lasts:
    number: int
    since: datetime
    over: datetime | None


LASTING = st.lists(st.tuples(st.integers(0, 200), st.none() | st.integers(0, 60)), max_size=30)


@settings(deadline=None)
@given(LASTING, st.lists(st.integers(0, 29), max_size=10), st.integers(-5, 280), st.integers(1, 50))
def test_what_lasts_is_found_as_by_looking_at_everything(
    lasting: list[tuple[int, int | None]], out: list[int], moment: int, length: int
) -> None:
    every = [
        Lasts(n, hour(starts), None if lasts is None else hour(starts + lasts))
        for n, (starts, lasts) in enumerate(lasting)
    ]
    times: Times[Lasts] = Times()
    for one in every:
        times = times.put(one)
    gone = {n for n in out if n < len(every)}
    for n in gone:
        times = times.without(every[n])
    left = [one for one in every if one.number not in gone]
    now, until = hour(moment), hour(moment + length)
    assert {one.number for one in times.at(now)} == {
        one.number for one in left if one.since <= now and (one.over is None or now < one.over)
    }
    assert {one.number for one in times.meeting(now, until)} == {
        one.number for one in left if one.since < until and (one.over is None or now < one.over)
    }


def hour(number: int) -> datetime:
    return BEGINS + timedelta(hours=number)
