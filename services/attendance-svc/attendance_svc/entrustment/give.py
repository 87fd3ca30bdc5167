"""Entrust somebody with acting, a matter, a chair, a class of signatures (委托)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attendance_svc.entrustment.state import Entrustment, EntrustmentEvent
from attendance_svc.keepers import keeps
from chancery.events.attendance import EntrustedObject, EntrustmentGiven
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class GiveEntrustment:
    """``giver`` is whoever entrusts; ``by`` may be him, or the office that writes it down for him."""

    by: PersonId
    at: datetime
    giver: str
    receiver: str
    object: EntrustedObject
    starts_at: datetime
    ends_at: datetime | None


def give(command: GiveEntrustment, entrustment: Entrustment, rules: Rules) -> Sequence[Told[EntrustmentEvent]]:
    """The giver holds the post he entrusts, and nobody entrusts himself.

    Raises:
        Refused: given already, unknown people, a post not held, the wrong way round in time; (forbidden) written
            down by somebody who is neither the giver nor keeps the roster.
    """
    if entrustment.given is not None:
        raise Refused(Reason("entrusted_already"))
    if command.by != command.giver and not keeps(rules, command.by):
        raise Refused(Reason("not_yours_to_entrust"), kind="forbidden")
    reasons = [
        Reason("unknown_person", params={"person": person})
        for person in (command.giver, command.receiver)
        if person not in rules.roster.persons
    ]
    if command.giver == command.receiver:
        reasons.append(Reason("entrusts_himself"))
    if command.ends_at is not None and command.ends_at <= command.starts_at:
        reasons.append(Reason("ends_before_it_starts", subject="ends_at"))
    post = command.object.post
    if post is not None and not any(a.post == post for a in rules.roster.held_by(command.giver, command.at)):
        reasons.append(Reason("giver_does_not_hold_the_post", params={"post": rules.titled(post)}))
    if reasons:
        raise Refused(*reasons)
    given = EntrustmentGiven(
        entrustment_id=str(entrustment.id),
        giver_id=command.giver,
        receiver_id=command.receiver,
        object=command.object,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
    )
    return [Told(given)]
