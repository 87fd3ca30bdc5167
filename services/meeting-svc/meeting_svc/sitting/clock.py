"""The clock until the minutes of a sitting are issued suspended, let go on, extended (中止、恢复、延期)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chancery.envelope import Standing
from chancery.events.meeting import (
    MinutesClockExtended,
    MinutesClockResumed,
    MinutesClockSuspended,
    SittingClosed,
    SittingEvent,
)
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.clocks import Moved, approvers, extending, resuming, row_of, suspending
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.thing import Told
from meeting_svc.clerks import clerk
from meeting_svc.sitting.state import Sitting


@dataclass(frozen=True, slots=True)
class Suspend:
    """``issued`` says that the minutes are issued already."""

    by: PersonId
    cause: str
    issued: bool = False


@dataclass(frozen=True, slots=True)
class Resume:
    by: PersonId
    issued: bool = False


@dataclass(frozen=True, slots=True)
class Extend:
    """``to`` is a day, or so many more of the clock's own unit."""

    by: PersonId
    to: date | int
    reason: str
    issued: bool = False


def suspend(command: Suspend, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """By the body's office, before the due moment; from today on the clock stands still, until it is resumed.

    Raises:
        Refused: not closed, issued, no clock, it stands already or ran out; (forbidden) not the office acts.
    """
    closed = _under_way(sitting, issued=command.issued)
    office = clerk(rules, closed.body, command.by)
    moved = suspending(rules, sitting.due, command.cause, ran_out=sitting.minutes_late)
    told = MinutesClockSuspended(
        sitting_id=sitting.id,
        body=closed.body,
        cause=command.cause,
        suspended_by=command.by,
        was=moved.was,
        now=moved.now,
    )
    return [Told(told, _under(moved), office.standing)]


def resume(command: Resume, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """By the body's office; today counts again.

    Raises:
        Refused: not closed, issued, no clock, or it does not stand still; (forbidden) not the office acts.
    """
    closed = _under_way(sitting, issued=command.issued)
    office = clerk(rules, closed.body, command.by)
    moved = resuming(rules, sitting.due)
    told = MinutesClockResumed(
        sitting_id=sitting.id, body=closed.body, resumed_by=command.by, was=moved.was, now=moved.now
    )
    return [Told(told, _under(moved), office.standing)]


def extend(command: Extend, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """By whom the clock's row names; where it names no post, by the body's office. Before it is due.

    Raises:
        Refused: not closed, issued, no clock, too late, not later, more than the row allows; (forbidden) another
            approves.
    """
    closed = _under_way(sitting, issued=command.issued)
    standing = _approver(sitting, closed, command.by, rules)
    moved = extending(rules, sitting.due, command.to, ran_out=sitting.minutes_late, extensions=sitting.extensions)
    told = MinutesClockExtended(
        sitting_id=sitting.id,
        body=closed.body,
        reason=command.reason,
        approved_by=command.by,
        was=moved.was,
        now=moved.now,
    )
    return [Told(told, _under(moved), standing)]


def _under(moved: Moved) -> tuple[AnyRuling, ...]:
    return (moved.under,) if moved.under.regulated else ()


def _under_way(sitting: Sitting, *, issued: bool) -> SittingClosed:
    if sitting.closed is None:
        raise Refused(Reason("sitting_not_closed"))
    if issued:
        raise Refused(Reason("minutes_issued_already"))
    return sitting.closed


def _approver(sitting: Sitting, closed: SittingClosed, by: PersonId, rules: Rules) -> Standing:
    post = approvers(rules, sitting.due)
    if post is None:
        return clerk(rules, closed.body, by).standing
    chair = sitting.opened.chair.person if sitting.opened else None
    case = Case(body=closed.body, chair=chair)
    standing = rules.is_one_of(by, [post], case, "approve")
    if standing is None:
        names = "、".join(rules.roster.name(one) for one in sorted(rules.who(post, case, "approve").people()))
        cites = tuple(row_of(rules, sitting.due).citations) if sitting.due is not None else ()
        raise Refused(Reason("not_the_approver", cites, {"who": names or post.written()}), kind="forbidden")
    return standing
