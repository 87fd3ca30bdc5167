"""The way of the minutes to the signature: which row rules it, how far it is (审签)."""

from chancery.events.meeting import MinutesDrafted
from chancery.refusal import Reason, Refused
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import MINUTES as MINUTES_TABLE
from chancery.rules.tables import Minutes as MinutesRule
from chancery.rules.walk import Walk
from meeting_svc.facts import known
from meeting_svc.minutes.state import Minutes


def minutes_ruling(rules: Rules, body: str, features: frozenset[str]) -> Ruling[MinutesRule]:
    asked = tuple(sorted(word for word in features if known(rules, "features", word)))
    return rules.ask(MINUTES_TABLE, body=body, features=asked)


def signed_by_somebody(rules: Rules, drafted: MinutesDrafted) -> bool:
    """Whether the rules name a way to a signature for such minutes at all."""
    features = frozenset(word for decision in drafted.decisions for word in decision.features)
    return minutes_ruling(rules, drafted.body, features).first is not None


def walk_of(rules: Rules, minutes: Minutes, drafted: MinutesDrafted) -> tuple[Ruling[MinutesRule], Walk]:
    """The route under way.

    Raises:
        Refused: the rules give none.
    """
    features = frozenset(word for decision in drafted.decisions for word in decision.features)
    ruling = minutes_ruling(rules, drafted.body, features)
    hit = ruling.first
    if hit is None:
        raise Refused(Reason("no_route", params={"what": rules.titled(drafted.body)}))
    leads = [decision.lead for decision in drafted.decisions if decision.lead]
    others = [unit for decision in drafted.decisions for unit in decision.cooperating]
    case = Case(
        lead_unit=leads[0] if leads else None,
        more_leads=tuple(dict.fromkeys(leads[1:])),
        units_involved=tuple(dict.fromkeys((*leads[1:], *others))),
        raiser=drafted.drafted_by,
        chair=drafted.chair.person,
        body=drafted.body,
    )
    called = frozenset(one.step for one in minutes.called)
    return ruling, Walk(rules, hit.outcome.route, minutes.steps, case, tuple(ruling.citations), drafted.body, called)
