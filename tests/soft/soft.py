"""A made-up government whose rules are soft: much holds in principle, has exceptions, or is wanted only sometimes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from chancery.calendar import bundled
from chancery.events.document import DocumentDrafted
from chancery.events.meeting import MatterFacts
from chancery.names import PersonId
from chancery.roster import Roster
from chancery.rules.pack import Pack
from chancery.rules.rulebook import Rules
from tests.rules.small import FILES, NOW, made, roster
from tests.scenario import THE_THING

HEAD, DEPUTY, OTHER_DEPUTY = PersonId("ann"), PersonId("bo"), PersonId("cy")
OFFICE, WORKS, WORKS_CLERK, PURSE = PersonId("di"), PersonId("ed"), PersonId("gus"), PersonId("flo")

SOFT: Final[Mapping[str, str]] = {
    "words": """
        evidence:
          purse_opinion: {zh: 财政意见, en: opinion of the purse}
          hearing: {zh: 听证, en: hearing}
          forum: {zh: 座谈, en: forum}
          record: {zh: 纪要, en: record}
          order_from_above: {zh: 上级批示, en: an order from above}
        issuers:
          council_name: {zh: 区政府, en: the council, kind: district}
        task_sources:
          meeting_decision: {zh: 会议决定, en: decision of a meeting}
        addressees:
          city: {zh: 市政府, en: the city, kind: city}
          province: {zh: 省政府, en: the province, kind: province}
          bureaus: {zh: 各局, en: bureaus}
        """,
    "task_sources": """
        - id: decided
          clauses: [MP-2-1]
          when: {source: [meeting_decision]}
          supervisor: {unit: office}
          clock: task_due
        """,
    "gates": """
        - id: purse-first
          clauses: [MP-1-1]
          force: in_principle
          excused_by: {post: head}
          when: {stage: [agenda, decision, issue], features: {has_any: [costly]}}
          require: [{evidence: purse_opinion, by: {unit: purse}}]
          on_missing: return
        - id: heard-first
          clauses: [MP-2-1]
          when: {stage: [agenda], features: {has_any: [wide]}}
          unless:
          - {exception: [flood], needs: recorded_reason}
          - {exception: [ordered], needs: order_from_above}
          require: [{evidence: [hearing, forum]}]
          on_missing: return
        """,
    "agenda": """
        - id: plans
          clauses: [MP-1-1]
          force: in_principle
          excused_by: {post: head}
          when: {body: [council], kind: [plan]}
          attachments: [draft]
          checklist: [one_thing, short_enough]
          lead: {n: 5, unit: working_day}
          on_late: refuse
          route:
          - {do: review, by: {post: office_chief}}
          - do: consent
            by: {in_charge_of: other_portfolios}
            only_if: touches_others
            called_by: {post: office_chief}
          - {do: consult, by: {unit: purse}, force: as_needed}
          - {do: approve, by: {post: head}}
        - id: late-with-leave
          clauses: [MP-2-1]
          when: {body: [council]}
          lead: {n: 5, unit: working_day}
          on_late: permit
          permit: {post: deputy}
        """,
    "minutes": """
        - id: minutes
          clauses: [MP-1-1]
          drafter: {unit: office}
          route:
          - {do: review, by: {post: office_chief}}
          - {do: consult, by: {post: deputy}, force: may, quorum: any_of}
          - {do: sign, by: {post: head}}
        """,
    "signing": """
        - id: up
          clauses: [MP-1-1]
          when: {direction: [upward]}
          route:
          - {do: review, by: {post: office_chief}}
          - {do: sign_off, by: {in_charge_of: doc}, force: as_needed}
          - {do: sign, by: {post: head}}
        - id: other
          clauses: [MP-2-1]
          route: [{do: review, by: {post: office_chief}}, {do: sign, by: {in_charge_of: doc}}]
        """,
    "checks": """
        - id: one-addressee
          clauses: [MP-1-1]
          force: in_principle
          excused_by: {post: office_chief}
          when: {direction: [upward]}
          check: max_addressees
          params: {max: 1}
          on_fail: return
        - id: one-matter
          clauses: [MP-2-1]
          when: {direction: [upward]}
          check: single_matter
          on_fail: return
        - id: no-level
          clauses: [MP-2-1]
          when: {direction: [upward]}
          check: level_not_skipped
          params: {unless: [flood]}
          on_fail: return
        - {id: not-personally, clauses: [MP-2-1], check: not_to_person, on_fail: return}
        - id: calm
          clauses: [MP-1-1]
          force: normally
          check: evidence_present
          params: {any_of: [forum]}
          on_fail: return
        - {id: seen, clauses: [MP-1-1], check: evidence_present, params: {any_of: [hearing]}, on_fail: flag}
        """,
    "absences": """
        - id: leave-in-advance
          clauses: [MP-1-1]
          force: in_principle
          excused_by: {post: head}
          unless: [{exception: [mourning], needs: recorded_reason}]
          mode: approve
          lead: {n: 3, unit: working_day}
          on_late: refuse
          route:
          - {do: consent, by: {post: deputy}, force: as_needed, called_by: {post: head}}
          - {do: approve, by: {post: head}}
        """,
    "clocks": """
        - id: issue-soon
          clauses: [MP-2-1]
          name: ordered_document_issue
          starts: meeting_ended
          n: 7
          unit: working_day
          on_due: overdue
          extension: {approved_by: {post: head}, at_most: 5, times: 1}
        - id: task-soon
          clauses: [MP-2-1]
          name: task_due
          starts: task_assigned
          n: 10
          unit: working_day
          on_due: overdue
          extension: {agreed_with: supervisor}
        """,
}
PACK: Final[Pack] = made(Path(mkdtemp(prefix="soft-")), **SOFT)
FILES_OF_THE_PACK: Final = {**FILES, **SOFT}


def rules(at: datetime = NOW, people: Roster | None = None, pack: Pack = PACK) -> Rules:
    return Rules(pack, bundled(), people or roster(), at)


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def facts(*features: str, kind: str = "plan") -> MatterFacts:
    return MatterFacts(title="修桥方案", kind=kind, lead_unit="works", features=features, units_involved=("purse",))


def upward(**more: object) -> DocumentDrafted:
    event = DocumentDrafted(
        document_id=THE_THING,
        matter_id=THE_THING,
        kind="plan",
        title="修桥方案",
        in_name_of="council_name",
        direction="upward",
        to=("city",),
        lead_unit="works",
        drafted_by=WORKS_CLERK,
        drafted_at=NOW,
    )
    return event.model_copy(update=more)


SITTING_ON: Final = date(2024, 3, 20)
SOON: Final = date(2024, 3, 5)
