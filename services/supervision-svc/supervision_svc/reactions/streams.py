"""Which task belongs to what others speak of: ids derived from theirs, so the same event always means the same task."""

from uuid import UUID

from chancery.service import derived


def task_of_decision(minutes_id: UUID, decision_no: int) -> UUID:
    return derived(minutes_id, "task", decision_no)


def task_of_document(document_id: UUID) -> UUID:
    return derived(document_id, "task", "follow_up")


def task_of_line(plan_id: UUID, title: str) -> UUID:
    return derived(plan_id, "task", title)
