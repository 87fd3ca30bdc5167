"""Ask for a release, bring what it needs, take its steps, send it out (申请、补件、审核、发布)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.events.openness import (
    ReleaseAsked,
    Released,
    ReleaseEvent,
    ReleaseNeedMet,
    ReleaseStepCalledFor,
    ReleaseStepTaken,
)
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.excusing import calling
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.entry.handling import of_office
from disclosure_svc.release.state import Release, Stage
from disclosure_svc.release.way import proposer_of, row_for, standing_of, wanted, way_of


@dataclass(frozen=True, slots=True)
class AskRelease:
    """``case_id`` and ``matter_id`` are those of the case it answers, where it answers one."""

    by: PersonId
    at: datetime
    matter_id: UUID
    about: str
    title: str
    text: str
    unit: str
    features: tuple[str, ...] = ()
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class BringForRelease:
    by: PersonId
    need: str
    reference: str


@dataclass(frozen=True, slots=True)
class TakeReleaseStep:
    by: PersonId
    opinion: str | None = None


@dataclass(frozen=True, slots=True)
class CallForReleaseStep:
    by: PersonId
    step: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SendOut:
    """``done`` is what the case has behind it; ``channels`` where it appears, those of the row where none is named."""

    by: PersonId
    at: datetime
    channels: tuple[str, ...] = ()
    done: frozenset[str] = frozenset()


def ask_release(command: AskRelease, release: Release, rules: Rules) -> Sequence[Told[ReleaseEvent]]:
    """By the unit that speaks, or the office for it.

    Raises:
        Refused: asked already, or of a unit or feature unknown here; (forbidden) another unit.
    """
    if release.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("release_asked_already"))
    if command.unit not in rules.roster.units:
        raise Refused(Reason("unknown_unit", params={"unit": command.unit}, subject="unit"))
    unknown = [word for word in command.features if rules.known("features", word) is None]
    if unknown:
        raise Refused(Reason("unknown_feature", params={"features": "、".join(unknown)}, subject="features"))
    _of_the_unit(command.by, command.unit, rules)
    ruling = row_for(rules, command.about, command.features)
    row = ruling.first
    asked = ReleaseAsked(
        release_id=release.id,
        matter_id=command.matter_id,
        case_id=command.case_id,
        about=command.about,
        title=command.title,
        text=command.text,
        unit=command.unit,
        proposer=proposer_of(rules, command.unit),
        features=command.features,
        row=row.row if row else None,
        requires=row.outcome.requires if row else (),
        channels=row.outcome.channels if row else (),
        asked_by=command.by,
        asked_at=command.at,
    )
    return [Told(asked, (ruling,) if ruling.regulated else ())]


def bring_for_release(command: BringForRelease, release: Release, rules: Rules) -> Sequence[Told[ReleaseEvent]]:
    """In one's own name: where a gate wants it from somebody, only his counts. Also afterwards, where it is owed.

    Raises:
        Refused: nothing asks for it; (forbidden) holds no post.
    """
    asked = _asked(release)
    if not rules.roster.held_by(command.by, rules.at):
        raise Refused(Reason("holds_no_post", params={"person": command.by}), kind="forbidden")
    if command.need not in wanted(asked, rules):
        raise Refused(Reason("not_needed", params={"need": rules.titled(command.need)}, subject="need"))
    if (command.need, command.by) in release.met:
        return []
    met = ReleaseNeedMet(release_id=release.id, need=command.need, reference=command.reference, met_by=command.by)
    return [Told(met)]


def take_release_step(command: TakeReleaseStep, release: Release, rules: Rules) -> Sequence[Told[ReleaseEvent]]:
    """The step whose turn it is; what holds nothing up may be taken after it went out.

    Raises:
        Refused: no route; (forbidden) another's turn.
    """
    asked = _asked(release)
    way = way_of(rules, release, asked)
    if way is None:
        raise Refused(Reason("no_steps_left"))
    taking = rules.may_take(way.state, command.by, cites=way.cites)
    taken = rules.step_done(taking, command.opinion)
    ruling = row_for(rules, asked.about, asked.features)
    return [Told(ReleaseStepTaken(release_id=release.id, taken=taken), (ruling,), taking.standing)]


def call_for_release_step(command: CallForReleaseStep, release: Release, rules: Rules) -> Sequence[Told[ReleaseEvent]]:
    """From then on the step has to be taken before it goes out.

    Raises:
        Refused: out already, or no such step waits; (forbidden) not his to call for.
    """
    asked = _asked(release)
    if release.stage is Stage.RELEASED:
        raise Refused(Reason("released_already"))
    way = way_of(rules, release, asked)
    if way is None:
        raise Refused(Reason("no_steps_left"))
    called, standing = calling(command.step, command.by, command.reason, way)
    ruling = row_for(rules, asked.about, asked.features)
    return [Told(ReleaseStepCalledFor(release_id=release.id, called=called), (ruling,), standing)]


def send_out(command: SendOut, release: Release, rules: Rules) -> Sequence[Told[ReleaseEvent]]:
    """By the unit or the office; everything that is missing is named at once.

    Raises:
        Refused: something is missing, out already, a channel the row does not have; (forbidden) another unit.
    """
    asked = _asked(release)
    _of_the_unit(command.by, asked.unit, rules)
    if release.stage is Stage.RELEASED:
        raise Refused(Reason("released_already"))
    standing = standing_of(release, asked, rules, command.done)
    lacking = list(standing.missing)
    strange = [one for one in command.channels if asked.channels and one not in asked.channels]
    if strange:
        names = "、".join(rules.titled(one) for one in strange)
        cites = tuple(row_for(rules, asked.about, asked.features).citations)
        lacking.append(Reason("no_such_channel", cites, {"channels": names}, subject="channels"))
    if lacking:
        raise Refused(*lacking)
    out = Released(
        release_id=release.id,
        matter_id=asked.matter_id,
        case_id=asked.case_id,
        about=asked.about,
        title=asked.title,
        text=asked.text,
        unit=asked.unit,
        channels=command.channels or asked.channels,
        outstanding=tuple(dict.fromkeys(str(one.params.get("evidence")) for one in standing.outstanding)),
        released_by=command.by,
        released_at=command.at,
    )
    return [Told(out, standing.rulings)]


def _asked(release: Release) -> ReleaseAsked:
    if release.asked is None:
        raise not_found("release")
    return release.asked


def _of_the_unit(person: str, unit: str, rules: Rules) -> None:
    if not rules.works_in(person, unit) and not of_office(rules, person):
        params = {"unit": rules.titled(unit)}
        raise Refused(Reason("not_of_office_or_lead", params=params), kind="forbidden")
