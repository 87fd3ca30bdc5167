"""What was decided is done: what supervision-svc tells."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Json, Part, upcast
from chancery.events.parts import Code, Counted, Evidence, Key, Name


class TaskSource(Part):
    """Where a task comes from: ``kind`` is the pack's word (``executive_decision``), the ids lead back.

    Where a person entered it, ``event_id`` is the task's own id, and ``reference`` names the paper, message or finding
    (its number); ``given_by`` is the leader who gave it and ``channel`` the way it came in.
    """

    kind: Code
    event_id: UUID
    minutes_id: UUID | None = None
    sitting_id: UUID | None = None
    document_id: UUID | None = None
    decision_no: int | None = None
    reference: str | None = None
    given_by: Key | None = None
    channel: Code | None = None


class Rhythm(Part):
    """How often a task is reported on: ``times`` in every ``every`` units."""

    every: Annotated[int, Field(ge=1)] = 1
    unit: Code
    times: Annotated[int, Field(ge=1)] = 1


class TaskOpened(Event, name="supervision.task_opened", version=2):
    """A task was opened by what others decided (立项). ``due`` is None where neither meeting nor rules set one.

    ``closes_on`` names what closes it by itself: ``document_issued`` or ``published``; None where a person must close
    it. ``close_requires`` is what has to be brought before, of all the ``rows`` of the pack that made it a task.
    ``responsible`` are the people who answer for it, as of this moment. ``stages`` are those of the pack's ``loop``, in
    their order. ``report_due`` is by when the first report has to be there, where the rules set a rhythm, and
    ``report_rule`` the row of task_sources or clocks that sets it. ``kind``, ``major`` and ``proposer`` are what the
    rules were asked with; ``outside_id`` is what another system calls it, by which it is entered once.
    """

    task_id: UUID
    matter_id: UUID
    source: TaskSource
    title: Name
    text: str
    supervisor: Key | None
    lead: Key | None
    cooperating: tuple[Key, ...] = ()
    close_requires: tuple[Code, ...] = ()
    closes_on: Annotated[str, Field(pattern="^(document_issued|published)$")] | None = None
    due: Counted | None = None
    opened_at: AwareDatetime
    rows: tuple[str, ...] = ()
    responsible: tuple[Key, ...] = ()
    report_every: Rhythm | None = None
    features: tuple[Code, ...] = ()
    loop: str | None = None
    stages: tuple[Code, ...] = ()
    report_due: Counted | None = None
    report_rule: str | None = None
    kind: Code | None = None
    major: bool | None = None
    proposer: Code | None = None
    outside_id: Annotated[str, Field(min_length=1, max_length=200)] | None = None


@upcast(TaskOpened, from_version=1)
def what_the_rules_were_asked_with_was_not_kept(old: Json) -> Json:
    """v1 kept neither kind nor weight of the matter, nor what another system calls it; nothing is guessed."""
    return old | {"report_rule": None, "kind": None, "major": None, "proposer": None, "outside_id": None}


class TaskSourceJoined(Event, name="supervision.task_source_joined", version=1):
    """Something else asks for the same task (并案): what its ``rows`` ask is added to what was asked before.

    ``due`` is the earlier of both moments, None where neither is set; ``closes_on`` that of the task from now on.
    """

    task_id: UUID
    matter_id: UUID
    source: TaskSource
    text: str
    rows: tuple[str, ...] = ()
    close_requires: tuple[Code, ...] = ()
    closes_on: Annotated[str, Field(pattern="^(document_issued|published)$")] | None = None
    loop: str | None = None
    stages: tuple[Code, ...] = ()
    due: Counted | None = None
    joined_by: Key
    joined_at: AwareDatetime


class TaskSignedFor(Event, name="supervision.task_signed_for", version=1):
    """The lead unit took the task on (签收)."""

    task_id: UUID
    matter_id: UUID
    unit: Key
    signed_by: Key
    signed_at: AwareDatetime


class TaskReturned(Event, name="supervision.task_returned", version=1):
    """The lead unit gave the task back as not its own (退回); it has no lead until it is assigned anew."""

    task_id: UUID
    matter_id: UUID
    unit: Key
    reason: str
    returned_by: Key
    returned_at: AwareDatetime


class TaskAssigned(Event, name="supervision.task_assigned", version=1):
    """The supervising unit gave the task to a lead (交办), after it had none or had been given back."""

    task_id: UUID
    matter_id: UUID
    lead: Key
    cooperating: tuple[Key, ...] = ()
    responsible: tuple[Key, ...] = ()
    assigned_by: Key
    assigned_at: AwareDatetime


class TaskStageDone(Event, name="supervision.task_stage_done", version=1):
    """A stage of the task's way was passed (核实、回访 and the like); ``note`` says what was found."""

    task_id: UUID
    matter_id: UUID
    stage: Code
    note: str
    done_by: Key
    done_at: AwareDatetime


class TaskUrged(Event, name="supervision.task_urged", version=1):
    """The supervising unit urged the lead (催办)."""

    task_id: UUID
    matter_id: UUID
    unit: Key | None
    note: str
    urged_by: Key
    urged_at: AwareDatetime


class ReportMissed(Event, name="supervision.report_missed", version=1):
    """No report came within the rhythm (未按期反馈). ``following`` is by when the next has to be there."""

    task_id: UUID
    matter_id: UUID
    due: Counted
    following: Counted


class TaskCorrected(Event, name="supervision.task_corrected", version=1):
    """The minutes behind the task were corrected, and the task with them; what stood is kept.

    ``was_due`` and ``due`` are how its clock was counted before and after.
    """

    task_id: UUID
    matter_id: UUID
    event_id: UUID
    reason: str
    was_title: str
    title: Name
    was_text: str
    text: str
    was_lead: Key | None
    lead: Key | None
    was_cooperating: tuple[Key, ...] = ()
    cooperating: tuple[Key, ...] = ()
    was_due: Counted | None = None
    due: Counted | None = None


class OutcomeHeard(Event, name="supervision.outcome_heard", version=1):
    """Something happened that closes a task which waits for it, whether the task was opened before or is later.

    ``what`` is document_issued or published; ``reference`` the document's number or the entry's index number.
    """

    task_id: UUID
    matter_id: UUID
    what: Annotated[str, Field(pattern="^(document_issued|published)$")]
    reference: Name
    happened_at: AwareDatetime


class TaskReported(Event, name="supervision.task_reported", version=1):
    """A unit concerned told how far the task is (反馈). ``provides`` is what it brings of what closing requires.

    ``report_due`` is by when the next report has to be there, where the rules set a rhythm.
    """

    task_id: UUID
    text: str
    done: bool
    reported_by: Key
    reported_at: AwareDatetime
    provides: tuple[Code, ...] = ()
    report_due: Counted | None = None


class TaskSuspended(Event, name="supervision.task_suspended", version=1):
    """The task's clock stands still from a day on (中止), for a cause; both counts are kept."""

    task_id: UUID
    matter_id: UUID
    cause: str
    suspended_by: Key
    was: Counted
    now: Counted


class TaskResumed(Event, name="supervision.task_resumed", version=1):
    """The task's clock goes on (恢复); the days it stood still are in the count."""

    task_id: UUID
    matter_id: UUID
    resumed_by: Key
    was: Counted
    now: Counted
    report_due: Counted | None = None


class TaskExtended(Event, name="supervision.task_extended", version=1):
    """The task's due moment was put off before it passed (延期), with approval; the old day is kept."""

    task_id: UUID
    matter_id: UUID
    reason: str
    approved_by: Key
    was: Counted
    now: Counted


class TaskOverdue(Event, name="supervision.task_overdue", version=2):
    """The due moment passed and the task is not closed (逾期). ``notice_due`` is when the first later notice goes."""

    task_id: UUID
    matter_id: UUID
    due: Counted
    notice_due: Counted | None = None


@upcast(TaskOverdue, from_version=1)
def no_notice_followed(old: Json) -> Json:
    """Under v1 nobody was told by the rules' notices."""
    return old | {"notice_due": None}


class NoticeGiven(Event, name="supervision.notice_given", version=1):
    """Somebody is told by a row of the pack (提示、通报): ``on`` what happened, in which ``colour``, as the ``no``-th.

    ``to`` are the people whom the row means at this moment; ``following`` is when the next row's notice goes out.
    """

    task_id: UUID
    matter_id: UUID
    on: Code
    row: str
    no: Annotated[int, Field(ge=1)]
    colour: Code | None = None
    to: tuple[Key, ...] = ()
    unit: Key | None = None
    following: Counted | None = None
    given_at: AwareDatetime


class ExtensionAsked(Event, name="supervision.extension_asked", version=1):
    """The lead asked for more time (申请延期): to a day, or by so many of the clock's unit. ``due`` is what runs."""

    task_id: UUID
    matter_id: UUID
    to: date | None = None
    by: int | None = None
    reason: str
    due: Counted
    asked_by: Key
    asked_at: AwareDatetime


class ExtensionDenied(Event, name="supervision.extension_denied", version=1):
    """More time was not granted (不予延期); the old day stands."""

    task_id: UUID
    matter_id: UUID
    reason: str
    denied_by: Key
    denied_at: AwareDatetime


class RhythmSet(Event, name="supervision.rhythm_set", version=1):
    """The unit that watches over the task set how often it is reported on (反馈周期). ``rule`` None: its own word."""

    task_id: UUID
    matter_id: UUID
    report_every: Rhythm
    rule: str | None = None
    report_due: Counted
    set_by: Key
    set_at: AwareDatetime


class ResponsibleNamed(Event, name="supervision.responsible_named", version=1):
    """Who answers for the task was named (第一责任人), and whom to turn to day by day (联系人).

    ``was`` are those who answered before, computed from the rules or named.
    """

    task_id: UUID
    matter_id: UUID
    was: tuple[Key, ...] = ()
    responsible: tuple[Key, ...]
    supporting: tuple[Key, ...] = ()
    contact: Key | None = None
    named_by: Key
    named_at: AwareDatetime


class AnotherLeadNamed(Event, name="supervision.another_lead_named", version=1):
    """A second unit leads beside the first, for a recorded reason (双牵头)."""

    task_id: UUID
    matter_id: UUID
    unit: Key
    reason: str
    named_by: Key
    named_at: AwareDatetime


class UnitView(Part):
    """What one unit holds in a disagreement, and its grounds (部门意见及理由)."""

    unit: Key
    view: str
    grounds: str
    stated_by: Key
    stated_at: AwareDatetime


class ViewStated(Event, name="supervision.view_stated", version=1):
    """A unit concerned stated its view and its grounds; a later one takes the place of its earlier one."""

    task_id: UUID
    matter_id: UUID
    view: UnitView


class DisagreementFound(Event, name="supervision.disagreement_found", version=1):
    """The lead found that the units do not agree (协商不一致). ``loop`` is the row whose way it goes now."""

    task_id: UUID
    matter_id: UUID
    loop: str | None = None
    stages: tuple[Code, ...] = ()
    units: tuple[Key, ...]
    note: str
    found_by: Key
    found_at: AwareDatetime


class DisagreementSentUp(Event, name="supervision.disagreement_sent_up", version=1):
    """The differing views went up, each with its grounds (分歧上报), to whom the rules let decide."""

    task_id: UUID
    matter_id: UUID
    views: tuple[UnitView, ...]
    proposal: str
    to: tuple[Key, ...] = ()
    sent_by: Key
    sent_at: AwareDatetime


class DisagreementDecided(Event, name="supervision.disagreement_decided", version=1):
    """What was decided of the differing views (裁定)."""

    task_id: UUID
    matter_id: UUID
    decision: str
    decided_by: Key
    decided_at: AwareDatetime


class TaskEvidenceFiled(Event, name="supervision.evidence_filed", version=1):
    """Something that gates may ask for was put on the task's file (材料归卷)."""

    task_id: UUID
    matter_id: UUID
    evidence: Evidence
    filed_by: Key
    filed_at: AwareDatetime


class TaskCarriedOn(Event, name="supervision.carried_on", version=1):
    """What was decided was set in motion, changed, stopped, or told in public (实施、调整、停止、发布), past its gates.

    ``on_file`` is what lay on the task's file then, ``missing`` what rows only show that it lacks.
    """

    task_id: UUID
    matter_id: UUID
    step: Annotated[str, Field(pattern="^(begin|change|stop|release)$")]
    note: str
    on_file: tuple[Evidence, ...] = ()
    missing: tuple[Code, ...] = ()
    done_by: Key
    done_at: AwareDatetime


class TaskWithdrawn(Event, name="supervision.task_withdrawn", version=1):
    """The task ends without being done: what founded it was taken back or stopped (撤销), by ``event_id``."""

    task_id: UUID
    matter_id: UUID
    event_id: UUID | None = None
    reason: str
    withdrawn_by: Key | None = None
    withdrawn_at: AwareDatetime


class TaskClosed(Event, name="supervision.task_closed", version=1):
    """The task is done and struck off (销号). ``late`` says whether it was after its due moment."""

    task_id: UUID
    matter_id: UUID
    by: Annotated[str, Field(pattern="^(person|document_issued|published)$")]
    note: str
    late: bool
    closed_at: AwareDatetime


TaskEvent = (
    TaskOpened
    | TaskSourceJoined
    | TaskSignedFor
    | TaskReturned
    | TaskAssigned
    | TaskStageDone
    | TaskUrged
    | ReportMissed
    | TaskCorrected
    | OutcomeHeard
    | TaskReported
    | TaskSuspended
    | TaskResumed
    | TaskExtended
    | TaskOverdue
    | NoticeGiven
    | ExtensionAsked
    | ExtensionDenied
    | RhythmSet
    | ResponsibleNamed
    | AnotherLeadNamed
    | ViewStated
    | DisagreementFound
    | DisagreementSentUp
    | DisagreementDecided
    | TaskEvidenceFiled
    | TaskCarriedOn
    | TaskWithdrawn
    | TaskClosed
)
