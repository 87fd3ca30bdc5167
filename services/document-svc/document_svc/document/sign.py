"""Sign a document (签发), in his own right, acting, entrusted, or as the rules' substitute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.calendar import local_day
from chancery.envelope import Standing
from chancery.events.document import DocumentDrafted, DocumentEvent, DocumentSigned
from chancery.events.meeting import MatterFacts
from chancery.events.parts import Claim, Evidence, Excuse
from chancery.names import Capacity, PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.gates import joined
from chancery.rules.grounds import bound_by
from chancery.rules.rulebook import Rules, only
from chancery.rules.ruling import AnyRuling, Ruling
from chancery.rules.tables import SUBSTITUTES, Substitute
from chancery.thing import Told
from document_svc.document.checks import case_file, failing
from document_svc.document.facts import case_of, facts_of, gate_facts_of
from document_svc.document.hear import newly_heard
from document_svc.document.standings import standing_of
from document_svc.document.state import Document
from document_svc.document.way import not_to_be_signed, walk_of

GATE_STAGES = ("signature_review", "signature")


@dataclass(frozen=True, slots=True)
class Sign:
    """``matter`` and ``heard`` are the matter's facts and evidence as they were heard, ``excuses`` and ``claims`` those
    given for the matter.
    """

    by: PersonId
    at: datetime
    matter: MatterFacts | None = None
    heard: tuple[Evidence, ...] = ()
    opinion: str | None = None
    excuses: tuple[Excuse, ...] = ()
    claims: tuple[Claim, ...] = ()


def sign(command: Sign, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """The last step of the line that rules the document; what is signed has a text.

    Raises:
        Refused: no draft, signed already, no text, an unmet gate, a check that fails or is open, steps before the
            signature; (forbidden) another signs.
    """
    draft, lacking = not_to_be_signed(document)
    if draft is None or lacking:
        raise Refused(*lacking)
    ruling, walk = walk_of(rules, document, draft, command.matter, command.claims)
    under: list[AnyRuling] = [ruling]
    unmet: list[Reason] = [] if document.text else [Reason("needs_text")]
    missing: list[Reason] = []
    lies = case_file(document, command.matter, command.heard, command.excuses, command.claims)
    for stage in GATE_STAGES:
        gates, more = rules.unmet_gates(
            stage,
            gate_facts_of(rules, draft, command.matter, disputed=document.disputed),
            lies.evidence,
            case_of(draft),
            excuses=lies.excuses,
            claims=lies.claims,
        )
        missing = joined(missing, more)
        under.append(bound_by(gates))
    checks, fails = failing(rules, document, draft, lies, "signature")
    unmet += [*missing, *fails]
    under.append(checks)
    if unmet:
        raise Refused(*unmet)
    substitute = _substitute(command, draft, rules)
    if walk.state.for_person(command.by) is None and substitute is not None:
        permission, standing = substitute
        taken = walk.the_last_by(standing, command.opinion, steps_before="steps_before_the_signature")
        under.append(permission)
    else:
        taken = walk.the_last(command.by, command.opinion, steps_before="steps_before_the_signature")
    signed = DocumentSigned(document_id=document.id, taken=taken, signed_on=local_day(command.at))
    heard = newly_heard(document.id, document.evidence, command.heard)
    return [*heard, Told(signed, tuple(under), standing_of(taken))]


def _substitute(command: Sign, draft: DocumentDrafted, rules: Rules) -> tuple[Ruling[Substitute], Standing] | None:
    """The row that lets this person sign in the regular signer's stead, and his standing then."""
    ruling = rules.ask(SUBSTITUTES, **facts_of(rules, draft, command.matter))
    for hit in ruling.hits:
        found = rules.is_one_of(command.by, [hit.outcome.adds], case_of(draft), "sign")
        if found is not None:
            capacity = found.capacity if found.capacity is not Capacity.OWN else Capacity.ENTRUSTED
            return only(ruling, hit), Standing(found.person, found.post, capacity, found.acts_for)
    return None
