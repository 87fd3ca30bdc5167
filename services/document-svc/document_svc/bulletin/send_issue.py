"""Send an issue of a bulletin (报送简报): numbered through the year, with nothing in it that asks for something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chancery.calendar import local_day
from chancery.events.outgoing import BulletinEvent, BulletinIssueSent
from chancery.events.parts import PaperRef
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import CHECKS, Check
from chancery.thing import Told
from document_svc.bulletin.open_bulletin import alive
from document_svc.bulletin.state import Bulletin
from document_svc.document.hands import of_unit_or_office

PATTERN: Final = "第{seq}期"
"""How an issue is numbered where the pack's setting ``bulletin_number`` says nothing else."""
ASKS_NOTHING: Final = "no_embedded_request"
"""The check that a paper carries no request."""


@dataclass(frozen=True, slots=True)
class SendIssue:
    """``carries_request`` is what the unit says of it; ``kind`` the pack's word for bulletins, None: it has none."""

    by: PersonId
    at: datetime
    paper: PaperRef
    kept: bool
    carries_request: bool
    pages: int | None = None
    kind: str | None = None


def send_issue(command: SendIssue, bulletin: Bulletin, rules: Rules) -> Sequence[Told[BulletinEvent]]:
    """By the unit or the office. The next number of the year.

    Raises:
        Refused: not opened or closed, the file is not in the store, or it carries a request where the rules forbid
            that; (forbidden) another unit's.
    """
    opened = alive(bulletin)
    hand = of_unit_or_office(rules, opened.unit, command.by)
    forbids = _forbids(rules, command.kind)
    lacking: list[Reason] = []
    if not command.kept:
        lacking.append(Reason("file_missing", subject="sha256"))
    if command.carries_request and forbids.regulated:
        lacking.append(Reason("bulletin_carries_request", tuple(forbids.citations)))
    if lacking:
        raise Refused(*lacking)
    year = local_day(command.at).year
    no = bulletin.last.get(year, 0) + 1
    pattern = str(rules.setting("bulletin_number", PATTERN))
    sent = BulletinIssueSent(
        bulletin_id=bulletin.id,
        unit=opened.unit,
        year=year,
        no=no,
        number=pattern.replace("{year}", str(year)).replace("{seq}", str(no)),
        paper=command.paper,
        pages=command.pages,
        carries_request=command.carries_request,
        sent_by=command.by,
        sent_on=local_day(command.at),
    )
    return [Told(sent, (forbids,) if forbids.regulated else (), hand)]


def _forbids(rules: Rules, kind: str | None) -> Ruling[Check]:
    """The rows by which a bulletin carries no request."""
    ruling = rules.ask(CHECKS, kind=kind)
    hits = tuple(hit for hit in ruling.hits if hit.outcome.check == ASKS_NOTHING)
    return Ruling(ruling.table, ruling.pack, hits)
