"""The way of a document to the signature: which line of the signing table rules it, how far it is (签发)."""

from collections.abc import Sequence
from typing import Final

from chancery.events.document import DocumentDrafted
from chancery.events.meeting import MatterFacts
from chancery.events.parts import Claim
from chancery.refusal import Reason, Refused
from chancery.rules.grammar import TOLD, Route, Selector
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.setting_aside import proved
from chancery.rules.tables import SIGNING, Signing
from chancery.rules.walk import Walk
from document_svc.document.facts import case_of, facts_of
from document_svc.document.state import Document, Stage


def not_to_be_signed(document: Document) -> tuple[DocumentDrafted | None, tuple[Reason, ...]]:
    """The draft, and the reasons why it is past signing; no reason where it waits."""
    if document.draft is None:
        return None, (Reason("document_not_drafted"),)
    if document.stage is Stage.WITHDRAWN:
        return document.draft, (Reason("document_withdrawn"),)
    if document.stage is not Stage.DRAFTED:
        return document.draft, (Reason("document_signed_already"),)
    return document.draft, ()


def walk_of(
    rules: Rules,
    document: Document,
    draft: DocumentDrafted,
    matter: MatterFacts | None,
    claims: Sequence[Claim] = (),
) -> tuple[Ruling[Signing], Walk]:
    """The route under way. ``claims`` are exceptions claimed for the matter.

    A paper in another name than those that the pack numbers is a unit's own: where the rules say nothing of it, its
    head signs.

    Raises:
        Refused: the rules give none to a paper in a name of theirs.
    """
    excepted = proved((*document.claims, *claims), document.evidence)
    ruling = rules.ask(SIGNING, excepted=excepted, **facts_of(rules, draft, matter))
    hit = ruling.first
    if hit is None and draft.in_name_of in rules.pack.head.numbers:
        raise Refused(Reason("no_route", params={"what": rules.titled(draft.kind)}))
    called = frozenset(one.step for one in document.called)
    cites = tuple(ruling.citations)
    if hit is None:
        return ruling, Walk(rules, OF_THE_UNIT, document.steps, case_of(draft), switched_on=called)
    return ruling, Walk(
        rules, _by_its_unit(hit.outcome.route), document.steps, case_of(draft), cites, switched_on=called
    )


OF_THE_UNIT: Final = Route.model_validate([{"do": "sign", "by": {"head_of": "lead_unit"}}])
"""A unit's own paper is signed by its head."""
DRAFTERS: Final = Selector.model_validate({"any": [{"raiser_of": "doc"}, {"responsible_of": "lead_unit"}]})
"""Who tells others of a document where the rules name nobody: whoever drafted it, or answers for its unit."""


def _by_its_unit(route: Route) -> Route:
    """The route with somebody to take each step that only tells: a document is nobody's own request."""
    return Route(
        alternatives=tuple(
            tuple(
                step.model_copy(update={"by": DRAFTERS}) if step.by is None and step.do in TOLD else step
                for step in steps
            )
            for steps in route.alternatives
        )
    )
