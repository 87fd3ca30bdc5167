"""Give somebody the address of a calendar, and withdraw it (订阅、撤销订阅)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attendance_svc.calendar_link.state import CalendarLink, CalendarLinkEvent
from attendance_svc.keepers import keeps
from chancery.events.attendance import CalendarLinkGiven, CalendarLinkWithdrawn
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class GiveLink:
    """A calendar of ``person_id``, or of ``group``; ``key_sha256`` is all that is kept of the key."""

    by: PersonId
    at: datetime
    key_sha256: str
    person_id: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawLink:
    by: PersonId


def give(command: GiveLink, link: CalendarLink, rules: Rules) -> Sequence[Told[CalendarLinkEvent]]:
    """For whoever holds a post; it answers while he holds one.

    Raises:
        Refused: neither or both of person and group, nobody of that name; (forbidden) by somebody without a post.
    """
    if not rules.roster.held_by(command.by, command.at):
        raise Refused(Reason("holds_no_post", params={"who": rules.roster.name(command.by)}), kind="forbidden")
    if (command.person_id is None) == (command.group is None):
        raise Refused(Reason("one_person_or_group", subject="person"))
    if command.person_id is not None and command.person_id not in rules.roster.persons:
        raise Refused(Reason("unknown_person", params={"person": command.person_id}, subject="person"))
    given = CalendarLinkGiven(
        link_id=str(link.id),
        holder_id=command.by,
        person_id=command.person_id,
        group=command.group,
        key_sha256=command.key_sha256,
        given_at=command.at,
    )
    return [Told(given)]


def withdraw(command: WithdrawLink, link: CalendarLink, rules: Rules) -> Sequence[Told[CalendarLinkEvent]]:
    """By its holder, or whoever keeps the roster; twice is once.

    Raises:
        Refused: (forbidden) it is another's.
    """
    if link.given is None:
        raise not_found("calendar_link")
    if command.by != link.given.holder_id and not keeps(rules, command.by):
        raise Refused(Reason("not_your_link"), kind="forbidden")
    if link.withdrawn:
        return []
    return [Told(CalendarLinkWithdrawn(link_id=str(link.id), withdrawn_by=command.by))]
