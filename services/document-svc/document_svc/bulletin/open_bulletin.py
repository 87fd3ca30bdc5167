"""Open a bulletin of a unit (开办简报), as far as the rules let a unit have one more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chancery.calendar import local_day
from chancery.envelope import Standing
from chancery.events.outgoing import BulletinClosed, BulletinEvent, BulletinOpened
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit
from chancery.rules.tables import CAPS, Cap
from chancery.thing import Told
from document_svc.bulletin.state import Bulletin
from document_svc.document.hands import of_unit_or_office

COUNTED: Final = "briefing_kind"
"""What rows on volume call the bulletins that are alive at one time."""
BINDING: Final = frozenset({"must", "in_principle"})


@dataclass(frozen=True, slots=True)
class OpenBulletin:
    """``alive`` is how many the unit has now; ``reason`` why there is to be one more than the rule."""

    by: PersonId
    at: datetime
    unit: str
    title: str
    alive: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CloseBulletin:
    by: PersonId
    at: datetime
    reason: str


def open_bulletin(command: OpenBulletin, bulletin: Bulletin, rules: Rules) -> Sequence[Told[BulletinEvent]]:
    """By the unit or the office. One more than the rule lets a unit have is opened by whoever may permit it, who says
    why.

    Raises:
        Refused: opened already, an unknown unit, or the rule lets it have no more; (forbidden) another unit's.
    """
    if bulletin.opened is not None:
        raise Refused(Reason("bulletin_opened_already"))
    if command.unit not in rules.roster.units:
        raise Refused(Reason("unknown_unit", params={"unit": command.unit}, subject="unit"))
    ruling = rules.ask(CAPS, what=COUNTED)
    over = [hit for hit in ruling.hits if hit.outcome.max is not None and command.alive >= hit.outcome.max]
    binding = [hit for hit in over if hit.force in BINDING]
    permitted = _permitted(rules, binding, command.by) if binding else None
    standing = permitted or of_unit_or_office(rules, command.unit, command.by)
    lacking: list[Reason] = []
    if binding and permitted is None:
        who = "、".join(
            rules.roster.name(one)
            for hit in binding
            if hit.outcome.permit is not None
            for one in sorted(rules.who(hit.outcome.permit).people())
        )
        most = f"{min(hit.outcome.max or 0 for hit in binding):g}"
        cites = tuple(cite for hit in binding for cite in hit.cites)
        lacking.append(Reason("bulletins_enough", cites, {"most": most, "who": who or "—"}))
    if binding and permitted is not None and not (command.reason or "").strip():
        lacking.append(Reason("bulletin_needs_reason", subject="reason"))
    if lacking:
        raise Refused(*lacking)
    told = BulletinOpened(
        bulletin_id=bulletin.id,
        unit=command.unit,
        title=command.title,
        opened_by=command.by,
        opened_on=local_day(command.at),
        permitted_by=command.by if permitted is not None else None,
        reason=command.reason,
    )
    return [Told(told, (ruling,) if ruling.regulated else (), standing)]


def close_bulletin(command: CloseBulletin, bulletin: Bulletin, rules: Rules) -> Sequence[Told[BulletinEvent]]:
    """By the unit or the office; makes room for another.

    Raises:
        Refused: not opened, or closed already; (forbidden) another unit's.
    """
    opened = alive(bulletin)
    hand = of_unit_or_office(rules, opened.unit, command.by)
    told = BulletinClosed(
        bulletin_id=bulletin.id,
        unit=opened.unit,
        reason=command.reason,
        closed_by=command.by,
        closed_on=local_day(command.at),
    )
    return [Told(told, standing=hand)]


def alive(bulletin: Bulletin) -> BulletinOpened:
    """What was opened, while it lives.

    Raises:
        Refused: not opened, or closed.
    """
    if bulletin.opened is None:
        raise Refused(Reason("bulletin_not_opened"))
    if bulletin.closed:
        raise Refused(Reason("bulletin_closed"))
    return bulletin.opened


def _permitted(rules: Rules, binding: Sequence[Hit[Cap]], person: PersonId) -> Standing | None:
    """The person as whoever every one of the rows lets permit it; None where one does not."""
    found: Standing | None = None
    for hit in binding:
        if hit.outcome.permit is None:
            return None
        found = rules.is_one_of(person, [hit.outcome.permit])
        if found is None:
            return None
    return found
