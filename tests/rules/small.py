"""A made-up government, small enough to be read at a glance, and ways to change a file of its pack for one example."""

import textwrap
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from chancery.calendar import bundled
from chancery.events.attendance import (
    ActingStarted,
    AppointmentMade,
    AssistantPaired,
    EntrustedObject,
    EntrustmentGiven,
    PersonRegistered,
    PortfolioAssigned,
    UnitRegistered,
)
from chancery.events.base import Event
from chancery.roster import Roster
from chancery.rules.grammar import Route, Selector
from chancery.rules.loader import PackRefused, load_pack
from chancery.rules.pack import Pack
from chancery.rules.reading import Problem
from chancery.rules.resolve import Case, Resolution
from chancery.rules.rulebook import Rules

NOW = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
FILES: Mapping[str, str] = {
    "pack": """
        id: millpond-2024
        version: "1"
        title: {zh: 磨坊区工作规则, en: Rules of Millpond}
        tier: district
        issuer: {zh: 磨坊区, en: Millpond}
        dates: {effective: 2024-01-01}
        settings: {closing_time: "17:30", petition_period: {n: 15, unit: calendar_day}}
        numbers: {council: {code: 磨府发, pattern: "{code}〔{year}〕{seq}号"}}
        """,
    "clauses": """
        - {id: MP-1-1, article: "1", kind: enforce, zh: 甲, en: one}
        - {id: MP-2-1, article: "2", kind: derive, zh: 乙, en: two}
        - {id: MP-3-1, article: "3", kind: declare, zh: 丙, en: three}
        """,
    "posts": """
        head: {zh: 首长, en: head, seats: one}
        deputy: {zh: 副职, en: deputy}
        chief: {zh: 单位负责人, en: chief of a unit, heads_unit: true}
        bureau_chief: {zh: 局长, en: chief of a bureau, is_a: [chief]}
        office_chief: {zh: 办公室主任, en: chief of the office, seats: one, is_a: [chief]}
        clerk: {zh: 经办, en: clerk}
        """,
    "units": """
        office: {zh: 办公室, en: office, kind: office}
        works: {zh: 工程局, en: works, kind: department}
        purse: {zh: 财政局, en: purse, kind: department}
        upstream: {zh: 上游镇, en: Upstream, kind: town}
        """,
    "groups": """
        leaders: {zh: 领导, en: leaders, posts: [head, deputy]}
        """,
    "features": """
        costly: {zh: 花钱, en: costly}
        wide: {zh: 面广, en: wide}
        quiet: {zh: 保密, en: quiet}
        """,
    "kinds": """
        plan: {zh: 方案, en: plan}
        notice: {zh: 通知, en: notice}
        """,
    "words": """
        evidence:
          purse_opinion: {zh: 财政意见, en: opinion of the purse}
          hearing: {zh: 听证, en: hearing}
          forum: {zh: 座谈, en: forum}
          record: {zh: 纪要, en: record}
        """,
    "bodies": """
        - id: council
          clauses: [MP-1-1]
          title: {zh: 会议, en: council}
          chair: [{post: head}]
          organiser: {unit: office}
        """,
}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """A pack's folder; the text may be indented as a whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / (name if "." in name else f"{name}.yaml")).write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
    return folder


def made(folder: Path, **changed: str) -> Pack:
    """The small pack with some files changed or added."""
    return load_pack(write(folder / "millpond-2024", {**FILES, **changed}))


def refused(folder: Path, **changed: str) -> tuple[Problem, ...]:
    """What is wrong with the small pack once some files are changed; nothing where it loads all the same."""
    try:
        made(folder, **changed)
    except PackRefused as found:
        return found.problems
    return ()


def told(problems: tuple[Problem, ...]) -> list[str]:
    return [str(problem) for problem in problems]


# -- people ------------------------------------------------------------

SINCE = date(2024, 1, 1)
PEOPLE: tuple[tuple[str, str, str | None], ...] = (
    ("ann", "head", None),
    ("bo", "deputy", None),
    ("cy", "deputy", None),
    ("di", "office_chief", "office"),
    ("ed", "bureau_chief", "works"),
    ("flo", "bureau_chief", "purse"),
    ("gus", "clerk", "works"),
    ("ida", "bureau_chief", "upstream"),
)
UNITS = {"office": "office", "works": "department", "purse": "department", "upstream": "town"}
TOLD: tuple[Event, ...] = (
    *(UnitRegistered(unit_id=unit, kind=kind, name_zh=unit, name_en=unit) for unit, kind in UNITS.items()),
    *(PersonRegistered(person_id=person, name=person.title()) for person, _, _ in PEOPLE),
    *(AppointmentMade(person_id=p, post=post, unit=unit, starts_on=SINCE) for p, post, unit in PEOPLE),
    PortfolioAssigned(person_id="bo", units=("works", "upstream"), subjects=("roads",), starts_on=SINCE),
    PortfolioAssigned(person_id="cy", units=("purse",), starts_on=SINCE),
    AssistantPaired(assistant_id="di", principal_id="bo", starts_on=SINCE),
)


def roster(*more: Event, without: str = "") -> Roster:
    """The people of the small government, with more told; ``without`` leaves one person's posts out."""
    return Roster.of((*(e for e in TOLD if not (isinstance(e, AppointmentMade) and e.person_id == without)), *more))


def acting(actor: str, principal: str = "ann", post: str = "head", **more: Any) -> ActingStarted:
    given: dict[str, Any] = {"scope": ("preside",), "started_at": NOW} | more
    return ActingStarted(
        acting_id=f"{actor}_for_{principal}",
        principal_id=principal,
        post=post,
        actor_id=actor,
        absence_id="trip",
        **given,
    )


def mandate(kind: str, giver: str, receiver: str, reference: str | None = None) -> EntrustmentGiven:
    return EntrustmentGiven(
        entrustment_id=f"{kind}_{giver}_{receiver}",
        giver_id=giver,
        receiver_id=receiver,
        object=EntrustedObject(kind=kind, reference=reference),
        starts_at=NOW,
    )


def rules(pack: Pack, people: Roster | None = None, at: datetime = NOW) -> Rules:
    return Rules(pack, bundled(), people or roster(), at)


def who(
    of: Rules, written: Mapping[str, Any], case: Case | None = None, act: str = "", acting: str = "allowed"
) -> Resolution:
    """Whom a selector means."""
    return of.who(Selector.model_validate(written), case or Case(), act, acting)


def route(written: Any) -> Route:
    return Route.model_validate(written)
