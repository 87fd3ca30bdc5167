"""An event as people are shown it: its title, one line, who acted in what right, and the clauses it rests on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from chancery.calendar import LOCAL
from chancery.envelope import PackRef
from chancery.refusal import Citation
from chancery.roster import Roster
from chancery.rules.rulebook import Rules, RuleShelf
from chancery.texts.telling import telling_of

SERVICES: Final[Mapping[str, str]] = {
    "attendance": "在岗",
    "meeting": "会议",
    "document": "公文",
    "supervision": "督办",
    "disclosure": "公开",
    "eventlog": "日志",
}


class CitedClause(BaseModel):
    id: str
    article: str
    says_zh: str
    says_en: str


class LogEntry(BaseModel):
    """One event with what it means. ``cause`` is the id of the event it follows from, where that is in the log."""

    source: str
    source_zh: str
    position: int
    event_id: UUID
    type: str
    title_zh: str
    title_en: str
    line_zh: str
    line_en: str
    stream: UUID
    version: int
    matter: UUID
    cause: UUID | None
    business_at: datetime
    recorded_at: datetime
    person: str
    person_name: str
    post: str | None
    post_name: str
    capacity: str
    acts_for: str | None
    acts_for_name: str
    clauses: list[str]
    cites: list[CitedClause]
    pack: str | None
    pack_version: str | None
    pack_rows: list[str]
    body: dict[str, Any]

    @property
    def time(self) -> str:
        return self.business_at.astimezone(LOCAL).strftime("%H:%M")

    @property
    def day(self) -> str:
        return self.business_at.astimezone(LOCAL).strftime("%Y年%-m月%-d日")

    @property
    def at_local(self) -> str:
        return self.business_at.astimezone(LOCAL).strftime("%m-%d %H:%M")


def shown(lines: Sequence[Any], shelf: RuleShelf, rules: Rules | None) -> list[LogEntry]:
    """Rows of the log in words. ``rules`` are those in force now: names of people, posts and units come from there."""
    return [_one(line, shelf, rules) for line in lines]


def _one(line: Any, shelf: RuleShelf, rules: Rules | None) -> LogEntry:
    telling = telling_of(line.type)
    roster = rules.roster if rules else Roster()
    named = _named(line.body, rules)
    return LogEntry(
        source=line.source,
        source_zh=SERVICES.get(str(line.source), str(line.source)),
        position=line.pos,
        event_id=line.event_id,
        type=line.type,
        title_zh=telling.zh,
        title_en=telling.en,
        line_zh=telling.line("zh", named),
        line_en=telling.line("en", line.body),
        stream=line.stream,
        version=line.version,
        matter=line.matter,
        cause=line.cause,
        business_at=line.business_at,
        recorded_at=line.recorded_at,
        person=line.person,
        person_name=roster.name(line.person),
        post=line.post,
        post_name=rules.titled(line.post) if rules and line.post else line.post or "",
        capacity=line.capacity,
        acts_for=line.acts_for,
        acts_for_name=roster.name(line.acts_for) if line.acts_for else "",
        clauses=list(line.clauses),
        cites=[_cited(shelf, line, clause) for clause in line.clauses],
        pack=line.pack,
        pack_version=line.pack_version,
        pack_rows=list(line.pack_rows),
        body=line.body,
    )


def _cited(shelf: RuleShelf, line: Any, clause: str) -> CitedClause:
    pack = shelf.of(PackRef(line.pack, line.pack_version)) if line.pack else None
    if pack is not None and clause not in pack.clauses:  # of a pack that was asked beside it
        pack = next((other for other in shelf.packs.values() if clause in other.clauses), pack)
    found = pack.cite(clause) if pack else Citation(clause, "", "", "", "", "", "")
    return CitedClause(id=clause, article=found.article, says_zh=found.says_zh, says_en=found.says_en)


def _named(value: Any, rules: Rules | None) -> Any:
    """The body with the pack's words, units and people by name, for the Chinese line."""
    if rules is None:
        return value
    if isinstance(value, str):
        return rules.titled(value) if len(value) < 64 and value.isascii() else value
    if isinstance(value, dict):
        return {key: _named(part, rules) for key, part in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value
