"""Put the seal on the paper (用印), by whoever keeps it, at its place; file what was sealed (归档备查)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.events.outgoing import SealEvent, SealUseArchived, SealUsed
from chancery.events.parts import PaperRef
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.seal.state import SealUse, Stage
from document_svc.seal.ways import keeper, open_use, ruling_of, walks_of


@dataclass(frozen=True, slots=True)
class UseSeal:
    """``place`` is where it is done; None: at the place that the rules name."""

    by: PersonId
    at: datetime
    copies: int
    place: str | None = None


@dataclass(frozen=True, slots=True)
class FileSealed:
    """``papers`` are what is kept, each of a kind that the row wants kept; ``kept``: the store has them all."""

    by: PersonId
    papers: tuple[PaperRef, ...]
    kept: bool = True


def use_seal(command: UseSeal, use: SealUse, rules: Rules) -> Sequence[Told[SealEvent]]:
    """By the keeper and nobody else, once all have approved; elsewhere than at its place only where that was approved.

    Raises:
        Refused: nothing is asked or it is past that, somebody has yet to approve, more copies than were asked for,
            another place; (forbidden) not the keeper.
    """
    asked = open_use(use)
    ruling = ruling_of(rules, asked)
    standing = keeper(rules, ruling, asked, command.by)
    row = ruling.first
    cites = tuple(row.cites) if row is not None else ()
    lacking: list[Reason] = []
    for _, walk in walks_of(rules, use, asked):
        steps = "、".join(f"{one.step.do}（{_names(rules, one.left)}）" for one in walk.state.open)
        lacking.append(Reason("seal_not_approved", cites, {"steps": steps}))
    own = row.outcome.place if row is not None else None
    place = command.place or (asked.place if asked.offsite else own) or own
    if place is None:
        lacking.append(Reason("seal_place_missing", cites, subject="place"))
    elif not asked.offsite and own is not None and place != own:
        lacking.append(Reason("seal_place_other", cites, {"place": rules.titled(own)}, subject="place"))
    if command.copies > asked.copies:
        lacking.append(Reason("more_copies_than_asked", cites, {"copies": asked.copies}, subject="copies"))
    if lacking or place is None:
        raise Refused(*lacking)
    used = SealUsed(
        use_id=use.id,
        seal=asked.seal,
        copies=command.copies,
        place=place,
        offsite=asked.offsite,
        sealed_by=command.by,
        sealed_at=command.at,
    )
    return [Told(used, (ruling,) if row is not None else (), standing)]


def file_sealed(command: FileSealed, use: SealUse, rules: Rules) -> Sequence[Told[SealEvent]]:
    """By the keeper, after the use: one paper for each thing that the row wants in the register.

    Raises:
        Refused: the seal was not used, filed already, something is missing, or a file is not in the store; (forbidden)
            not the keeper.
    """
    asked = use.asked
    if asked is None:
        raise Refused(Reason("seal_use_not_asked"))
    ruling = ruling_of(rules, asked)
    standing = keeper(rules, ruling, asked, command.by)
    row = ruling.first
    cites = tuple(row.cites) if row is not None else ()
    lacking: list[Reason] = []
    if use.stage is Stage.ARCHIVED:
        lacking.append(Reason("seal_filed_already"))
    elif use.stage is not Stage.USED:
        lacking.append(Reason("seal_not_used", cites))
    there = {paper.kind for paper in (*asked.papers, *command.papers)}
    lacking += [
        Reason("sealed_paper_missing", cites, {"field": rules.titled(field)}, subject=field)
        for field in asked.fields
        if field not in there
    ]
    if not command.kept:
        lacking.append(Reason("file_missing", subject="papers"))
    if lacking:
        raise Refused(*lacking)
    told = SealUseArchived(use_id=use.id, papers=(*asked.papers, *command.papers), archived_by=command.by)
    return [Told(told, (ruling,) if row is not None else (), standing)]


def _names(rules: Rules, left: Sequence[object]) -> str:
    return "、".join(rules.roster.name(str(getattr(one, "person", ""))) for one in left)
