"""The papers of an item (会议材料): files of known kinds that are kept here, each edition by its hash."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.calendar import local_day
from chancery.events.meeting import AgendaItemEvent, AgendaPaperPut
from chancery.events.parts import PaperRef
from chancery.files.kinds import kind_of
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.agenda_item.state import CLOSED, AgendaItem
from meeting_svc.clerks import clerk


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What is kept under a hash: how many bytes, and the first of them."""

    size: int
    begins: bytes


KeptFiles = Mapping[str, KeptFile]
"""By SHA-256; what is not among them is not kept."""


def unusable(papers: Iterable[PaperRef], kept: KeptFiles) -> list[Reason]:
    """One reason for each file that is not here, of another size, or of no kind an office hands in."""
    found: list[Reason] = []
    for paper in papers:
        name, file = {"name": paper.name}, kept.get(paper.sha256)
        if file is None:
            found.append(Reason("file_not_kept", params=name, subject="papers"))
        elif file.size != paper.size:
            sizes = name | {"size": paper.size, "kept": file.size}
            found.append(Reason("file_of_another_size", params=sizes, subject="papers"))
        elif kind_of(paper.name, paper.media_type, file.begins) is None:
            found.append(Reason("file_of_no_known_kind", params=name, subject="papers"))
    return found


@dataclass(frozen=True, slots=True)
class PutPaper:
    """``replaces`` is the hash of the paper whose next edition it is; None: a further paper."""

    by: PersonId
    at: datetime
    paper: PaperRef
    kept: KeptFiles
    replaces: str | None = None


def put_paper(command: PutPaper, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """By the item's unit or the body's office, until it is decided. What was there before stays in the record.

    Papers that come after the day they were due still come; the event says that they are late.

    Raises:
        Refused: not submitted or closed, the file is unusable or there already, nothing of that hash to replace;
            (forbidden) another unit's item.
    """
    submitted = item.submitted
    if submitted is None:
        raise Refused(Reason("not_submitted"))
    if item.stage in CLOSED:
        raise Refused(Reason("item_closed", params={"stage": item.stage.value}))
    standing = rules.own_standing(command.by)
    if command.by != submitted.submitted_by and not rules.works_in(command.by, submitted.for_unit):
        standing = clerk(rules, submitted.body, command.by).standing
    here = {paper.sha256: paper for paper in item.papers}
    lacking = unusable([command.paper], command.kept)
    if command.paper.sha256 in here:
        lacking.append(Reason("paper_there_already", params={"name": command.paper.name}, subject="papers"))
    if command.replaces is not None and command.replaces not in here:
        lacking.append(Reason("no_such_paper", params={"sha256": command.replaces}, subject="replaces"))
    if lacking:
        raise Refused(*lacking)
    due = submitted.papers_due_on
    put = AgendaPaperPut(
        item_id=item.id,
        paper=command.paper,
        edition=item.edition_of(command.replaces) + 1 if command.replaces is not None else 1,
        replaces=command.replaces,
        put_by=command.by,
        put_at=command.at,
        late=due is not None and local_day(command.at) > due,
    )
    return [Told(put, standing=standing)]
