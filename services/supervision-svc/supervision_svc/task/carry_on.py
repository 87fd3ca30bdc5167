"""Set in motion, change, stop or tell in public what was decided, past the rules' gates (实施、调整、停止、发布)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chancery.events.parts import Evidence
from chancery.events.supervision import TaskCarriedOn, TaskEvent, TaskEvidenceFiled, TaskWithdrawn
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.gates import unmet
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import GATES, Gate
from chancery.thing import Told
from supervision_svc.task.parties import case_of, led, still_open
from supervision_svc.task.state import Task

GATE_OF: Final = {"begin": "execution", "change": "change", "stop": "change", "release": "release"}
"""The stage of the table of gates that each step has to pass."""


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """``evidence`` without ``by`` is given by whoever files it: in the name of his unit, or, personal, in his own."""

    by: PersonId
    at: datetime
    evidence: Evidence
    personal: bool = False


@dataclass(frozen=True, slots=True)
class CarryOn:
    by: PersonId
    at: datetime
    step: str
    note: str


def file_evidence(command: FileEvidence, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By a unit concerned, or by a person in his own right where it is his own word that counts.

    Raises:
        Refused: closed, or no word of the pack; (forbidden) somebody without a post, or another unit's.
    """
    opened = still_open(task)
    if not rules.files(command.evidence.evidence):
        raise Refused(Reason("word_not_known", params={"word": command.evidence.evidence}, subject="evidence"))
    units = tuple(held.unit for held in rules.roster.held_by(command.by, rules.at) if held.unit)
    if not rules.roster.held_by(command.by, rules.at):
        raise Refused(Reason("of_no_unit"), kind="forbidden")
    by = command.by if command.personal or not units else units[0]
    evidence = command.evidence.model_copy(update={"by": by})
    filed = TaskEvidenceFiled(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        evidence=evidence,
        filed_by=command.by,
        filed_at=command.at,
    )
    return [Told(filed, (), rules.own_standing(command.by))]


def carry_on(command: CarryOn, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By the lead. Everything that gates lack is named at once; what rows only show is noted with it.

    Raises:
        Refused: closed, nobody leads it, or everything missing at the gates; (forbidden) somebody else.
    """
    opened, _, standing = led(task, command.by, rules)
    facts = {
        "kind": rules.known("kinds", opened.kind),
        "features": rules.known_of("features", opened.features),
        "major": opened.major,
        "departments": len(task.units),
        "proposer": opened.proposer,
    }
    ruling, missing = rules.unmet_gates(GATE_OF[command.step], facts, task.evidence, case_of(opened))
    if missing:
        raise Refused(*missing)
    carried = TaskCarriedOn(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        step=command.step,
        note=command.note,
        on_file=task.evidence,
        missing=shown(ruling, task, rules),
        done_by=command.by,
        done_at=command.at,
    )
    under = (ruling,) if ruling.regulated else ()
    told: list[Told[TaskEvent]] = [Told(carried, under, standing)]
    if command.step == "stop":
        stopped = TaskWithdrawn(
            task_id=opened.task_id,
            matter_id=opened.matter_id,
            reason=command.note,
            withdrawn_by=command.by,
            withdrawn_at=command.at,
        )
        told.append(Told(stopped, under, standing))
    return told


def shown(ruling: Ruling[Gate], task: Task, rules: Rules) -> tuple[str, ...]:
    """What rows that refuse nothing find missing."""
    asked = tuple(
        replace(hit, force="must", outcome=hit.outcome.model_copy(update={"on_missing": "refuse"}))
        for hit in ruling.hits
    )
    case = case_of(still_open(task))
    reasons = unmet(
        Ruling(GATES.name, ruling.pack, asked),
        task.evidence,
        case,
        resolve=lambda selector: rules.who(selector, case),
        kind_of=lambda unit: rules.roster.units[unit].kind if unit in rules.roster.units else "",
        titled=lambda word: (rules.titled(word), rules.titled(word, "en")),
    )
    return tuple(dict.fromkeys(str(reason.params["evidence"]) for reason in reasons))
