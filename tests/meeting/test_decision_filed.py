"""A decision lies on the matter's file when it counts: at once, or from its issued minutes on where rules say so."""

from functools import cache

from chancery.calendar import bundled
from chancery.events.meeting import MinutesIssued
from chancery.events.parts import Decision
from chancery.roster import Roster
from chancery.rules.loader import load_folder
from chancery.rules.rulebook import Rules
from meeting_svc.matter.note_decision import NoteDecision, note_decision
from meeting_svc.matter.state import MATTER
from meeting_svc.reactions.on_decision_filed import as_decided, as_issued
from tests.hongkou import PACKS, at
from tests.hongkou import rules as hongkou
from tests.meeting.examples import decision, drafted, opened
from tests.meeting.examples import recorded as decided
from tests.recorded import recorded
from tests.scenario import scenario

NOW = at("2022-02-15")


def issued(*decisions: Decision) -> MinutesIssued:
    draft = drafted()
    return MinutesIssued(
        minutes_id=draft.minutes_id,
        sitting_id=draft.sitting_id,
        body=draft.body,
        series=draft.series,
        number=draft.number,
        sitting_on=draft.sitting_on,
        closed_at=draft.closed_at,
        decisions=decisions,
        issued_at=NOW,
        issued_on=NOW.date(),
    )


@cache
def jinshan() -> Rules:
    pack = next(pack for pack in load_folder(PACKS).values() if pack.head.id == "jinshan-2022")
    return Rules(pack, bundled(), Roster(), NOW)


def test_where_nothing_is_said_it_counts_as_the_sitting_decides() -> None:
    """虹口2022: no row speaks of a meeting as a basis."""
    [order] = as_decided(recorded(decided()), hongkou(NOW))
    assert isinstance(order.command, NoteDecision)
    scenario(MATTER, hongkou(NOW)).given(opened()).when(note_decision, order.command).under("HK-48-1")
    assert as_decided(recorded(decided(outcome="deferred")), hongkou(NOW)) == []


def test_where_only_issued_minutes_count_it_waits_for_them() -> None:
    """金山2022 四十七: what was settled is as its issued minutes say."""
    assert as_decided(recorded(decided()), jinshan()) == []
    [order] = as_issued(recorded(issued(decision(), decision(no=2, outcome="heard"))), jinshan())
    assert isinstance(order.command, NoteDecision)
    assert (order.stream, order.command.on) == (decision().matter_id, drafted().sitting_on)
    scenario(MATTER, jinshan()).given(opened()).when(note_decision, order.command).under("JS-47-1")
