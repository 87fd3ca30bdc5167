"""A year of a big district: one actor at a time, answered as by looking at everything, folded again the same."""

from datetime import timedelta
from functools import cache
from random import Random

from chancery.bench.district import BEGINS, IN_A_UNIT, UNITS, WEEKS, Told, people, roster, weeks
from chancery.events.attendance import ActingStarted
from chancery.roster import Roster


@cache
def told() -> tuple[Told, ...]:
    return (*roster(), *weeks(WEEKS))


@cache
def year() -> Roster:
    return Roster.of(one.event for one in told())


def test_it_is_a_big_district() -> None:
    """52 townships, 35 departments, 2,000 posts; tens of thousands of events in a year."""
    assert len(UNITS) == 52 + 35
    assert len(people()) == 9 + len(UNITS) * (1 + sum(many for _, many in IN_A_UNIT)) == len(year().appointments)
    assert len(people()) >= 2_000
    assert len(told()) > 50_000


def test_at_any_moment_the_mayor_has_at_most_one_actor_and_every_question_is_answered_as_by_looking_at_all() -> None:
    draw, full = Random(7), year()
    mayors = [one.event for one in told() if isinstance(one.event, ActingStarted)]
    assert len(full.actings) == len(mayors) > 30
    everybody = [person for person, _, _, _ in people()]
    for _ in range(300):
        at = BEGINS.replace(hour=draw.randrange(24)) + timedelta(weeks=WEEKS * draw.random())
        acts = [acting for acting in full.actings.values() if acting.holds(at)]
        assert len(acts) <= 1
        found = full.acting("mayor", at)
        assert found == (acts[0] if acts else None)
        assert found is None or full.acting_as(found.actor, at) == (found,)
        person = draw.choice(everybody)
        gone = [away for away in full.absences.values() if away.person == person and away.holds(at)]
        assert full.away(person, at) == (gone[0] if gone else None)


def test_a_replay_gives_what_grew_and_the_past_stays_as_it_was() -> None:
    """Folded half way and on is folded at once; what was answered half way is answered the same by that roster."""
    events = [one.event for one in told()]
    half = len(events) // 2
    before = Roster.of(events[:half])
    kept = (dict(before.absences), dict(before.actings), before.appointments)
    grown = before
    for event in events[half:]:
        grown = grown.after(event)
    assert grown == year()
    assert (dict(before.absences), dict(before.actings), before.appointments) == kept
