"""What a case needed was made known: that step of it is done."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.openness import Released
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from disclosure_svc.opinion_case.state import CASE
from disclosure_svc.opinion_case.verbs import DoStep, do_step


def react(recorded: Recorded[Released], rules: Rules) -> Sequence[Order]:
    del rules
    out = recorded.event
    if out.case_id is None:
        return []
    done = DoStep(None, out.about, out.title, out.released_at, out.release_id)
    return [Order(CASE, do_step, done, stream=out.case_id, matter=out.matter_id)]


ON_RELEASED = Reaction("case_step_by_release", "disclosure", Released, react)
