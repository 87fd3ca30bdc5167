"""What supervision does when others speak: the same event always means the same tasks."""

from chancery.service import Order, Reaction
from supervision_svc.reactions.on_document_issued import ON_DOCUMENT_ISSUED
from supervision_svc.reactions.on_minutes_issued import ON_MINUTES_ISSUED
from supervision_svc.reactions.on_published import ON_PUBLISHED
from supervision_svc.reactions.streams import task_of_decision, task_of_document
from supervision_svc.task.follow_up import FollowUp, follow_up
from supervision_svc.task.hear_outcome import HearOutcome, hear_outcome
from supervision_svc.task.open_task import OpenTask, open_task
from tests import orchard
from tests.hongkou import an_id, rules
from tests.recorded import recorded
from tests.supervision.examples import DOCUMENT, ISSUED_AT, MATTER, MINUTES, decision, issued, minutes, published

HONGKOU = rules(ISSUED_AT)
ORCHARD = orchard.rules(ISSUED_AT)


def test_each_decision_of_the_minutes_becomes_one_task_of_its_own_matter() -> None:
    second = decision(no=2, matter_id=an_id(11), title="另一事项")
    orders = ON_MINUTES_ISSUED.react(recorded(minutes(decision(), second)), HONGKOU)
    assert [(order.decide, order.matter, order.key) for order in orders] == [
        (open_task, MATTER, "1"),
        (open_task, an_id(11), "2"),
    ]
    assert [order.stream for order in orders] == [task_of_decision(MINUTES, 1), task_of_decision(MINUTES, 2)]
    command = orders[0].command
    assert isinstance(command, OpenTask)
    assert (command.decision, command.meeting_ended_at) == (decision(), minutes().closed_at)


def test_the_issued_document_is_heard_by_the_decision_it_rests_on() -> None:
    follows, hears = ON_DOCUMENT_ISSUED.react(recorded(issued()), HONGKOU)
    assert (follows.decide, follows.stream) == (follow_up, task_of_document(DOCUMENT))
    assert follows.command == FollowUp(issued(), an_id(900))
    assert (hears.decide, hears.stream) == (hear_outcome, task_of_decision(MINUTES, 1))
    assert hears.command == HearOutcome(MATTER, "document_issued", "虹府发〔2022〕3号", ISSUED_AT)
    assert follows.key != hears.key
    assert len(ON_DOCUMENT_ISSUED.react(recorded(issued(founding=None)), HONGKOU)) == 1


def test_a_publication_is_heard_where_any_row_waits_for_one() -> None:
    """果园 四 waits for it; Hongkou's rules close nothing by it."""
    assert ON_PUBLISHED.react(recorded(published()), HONGKOU) == []
    orders = ON_PUBLISHED.react(recorded(published()), ORCHARD)
    assert [order.stream for order in orders] == [task_of_document(DOCUMENT), task_of_decision(MINUTES, 1)]
    assert {order.command for order in orders} == {HearOutcome(MATTER, "published", "AD2022-00001", ISSUED_AT)}
    [alone] = ON_PUBLISHED.react(recorded(published(origin=None)), ORCHARD)
    assert alone.stream == task_of_document(DOCUMENT)


def test_the_same_event_twice_gives_the_same_task_ids() -> None:
    def twice(reaction: Reaction, event: object) -> list[tuple[Order, ...]]:
        return [tuple(reaction.react(recorded(event), ORCHARD)) for _ in range(2)]  # pyright: ignore[reportArgumentType, reportUnknownVariableType, reportUnknownArgumentType]

    for reaction, event in (
        (ON_MINUTES_ISSUED, minutes(decision(), decision(no=2))),
        (ON_DOCUMENT_ISSUED, issued()),
        (ON_PUBLISHED, published()),
    ):
        first, again = twice(reaction, event)
        assert [(one.stream, one.key) for one in first] == [(one.stream, one.key) for one in again]
        assert len({(one.stream, one.key) for one in first}) == len(first) > 0
