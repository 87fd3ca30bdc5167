"""The checklist of a body's items (议题审核要点): questions the office answers before an item is accepted."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import AgendaItemEvent, ChecklistAnswered
from chancery.events.parts import Answer
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Agenda
from chancery.thing import Told
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.agenda_item.under_way import not_at_hand
from meeting_svc.agenda_item.way import agenda_ruling
from meeting_svc.clerks import clerk

BINDING = frozenset({"must", "in_principle"})


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    by: PersonId
    question: str
    yes: bool
    note: str | None = None


def answer(command: AnswerQuestion, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """By the office that organises the body; answered anew, the last answer counts.

    Raises:
        Refused: the item is not at hand, or the body asks no such question; (forbidden) not the office acts.
    """
    submitted, lacking = not_at_hand(item)
    if submitted is None or lacking:
        raise Refused(*lacking)
    ruling = agenda_ruling(rules, submitted)
    questions = ruling.first.outcome.checklist if ruling.first else ()
    if command.question not in questions:
        known = "、".join(rules.titled(one) for one in questions) or "—"
        params = {"question": rules.titled(command.question), "known": known}
        raise Refused(Reason("no_such_question", tuple(ruling.citations), params, subject="question"))
    office = clerk(rules, submitted.body, command.by)
    given = Answer(question=command.question, yes=command.yes, note=command.note, by=command.by, at=rules.at)
    return [Told(ChecklistAnswered(item_id=item.id, answer=given), (ruling,), office.standing)]


def open_questions(rules: Rules, ruling: Ruling[Agenda], item: AgendaItem) -> list[Reason]:
    """One reason for each question nobody answered, or that was answered with no."""
    hit = ruling.first
    if hit is None or hit.force not in BINDING:
        return []
    answered = item.answered
    return [
        Reason(
            "checklist_open" if question not in answered else "checklist_fails",
            hit.cites,
            {"question": rules.titled(question)},
            subject=question,
        )
        for question in hit.outcome.checklist
        if not (question in answered and answered[question].yes)
    ]
