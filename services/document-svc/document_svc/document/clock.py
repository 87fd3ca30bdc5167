"""The clock until a document's issue suspended, let go on, extended (中止、恢复、延期)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chancery.envelope import Standing
from chancery.events.document import (
    DocumentDrafted,
    DocumentEvent,
    IssueClockExtended,
    IssueClockResumed,
    IssueClockSuspended,
)
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.clocks import Moved, approvers, extending, resuming, row_of, suspending
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import AnyRuling
from chancery.thing import Told
from document_svc.document.facts import case_of
from document_svc.document.hands import registrar
from document_svc.document.state import Document, Stage


@dataclass(frozen=True, slots=True)
class Suspend:
    by: PersonId
    cause: str


@dataclass(frozen=True, slots=True)
class Resume:
    by: PersonId


@dataclass(frozen=True, slots=True)
class Extend:
    """``to`` is a day, or so many more of the clock's own unit."""

    by: PersonId
    to: date | int
    reason: str


def suspend(command: Suspend, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the office, before the due moment; from today on the clock stands still, until it is resumed.

    Raises:
        Refused: no draft, past issue, no clock, it stands already or ran out; (forbidden) not the office acts.
    """
    draft = _under_way(document)
    standing = registrar(rules, command.by)
    moved = suspending(rules, document.due, command.cause, ran_out=document.overdue)
    told = IssueClockSuspended(
        document_id=document.id,
        matter_id=draft.matter_id,
        cause=command.cause,
        suspended_by=command.by,
        was=moved.was,
        now=moved.now,
    )
    return [Told(told, _under(moved), standing)]


def resume(command: Resume, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the office; today counts again.

    Raises:
        Refused: no draft, past issue, no clock, or it does not stand still; (forbidden) not the office acts.
    """
    draft = _under_way(document)
    standing = registrar(rules, command.by)
    moved = resuming(rules, document.due)
    told = IssueClockResumed(
        document_id=document.id, matter_id=draft.matter_id, resumed_by=command.by, was=moved.was, now=moved.now
    )
    return [Told(told, _under(moved), standing)]


def extend(command: Extend, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By whom the clock's row names; where it names no post, by the office. Before it is due.

    Raises:
        Refused: no draft, past issue, no clock, too late, not later, more than the row allows; (forbidden) another
            approves.
    """
    draft = _under_way(document)
    standing = _approver(document, draft, command.by, rules)
    moved = extending(rules, document.due, command.to, ran_out=document.overdue, extensions=document.extensions)
    told = IssueClockExtended(
        document_id=document.id,
        matter_id=draft.matter_id,
        reason=command.reason,
        approved_by=command.by,
        was=moved.was,
        now=moved.now,
    )
    return [Told(told, _under(moved), standing)]


def _under(moved: Moved) -> tuple[AnyRuling, ...]:
    return (moved.under,) if moved.under.regulated else ()


def _under_way(document: Document) -> DocumentDrafted:
    if document.draft is None:
        raise Refused(Reason("document_not_drafted"))
    if document.stage is Stage.ISSUED:
        raise Refused(Reason("document_issued_already"))
    if document.stage is Stage.WITHDRAWN:
        raise Refused(Reason("document_withdrawn"))
    return document.draft


def _approver(document: Document, draft: DocumentDrafted, by: PersonId, rules: Rules) -> Standing:
    post = approvers(rules, document.due)
    if post is None:
        return registrar(rules, by)
    case = case_of(draft)
    standing = rules.is_one_of(by, [post], case, "approve")
    if standing is None:
        names = "、".join(rules.roster.name(one) for one in sorted(rules.who(post, case, "approve").people()))
        cites = tuple(row_of(rules, document.due).citations) if document.due is not None else ()
        raise Refused(Reason("not_the_approver", cites, {"who": names or post.written()}), kind="forbidden")
    return standing
