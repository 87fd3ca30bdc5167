"""What the public talks about, what was answered, and what was made known? (舆情、来件与发布台账)"""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.openness import (
    CaseAnswered,
    CaseClosed,
    CaseOpened,
    CaseOverdue,
    CaseStepDone,
    ReleaseAsked,
    Released,
    ReleaseNeedMet,
    ReleaseStepCalledFor,
    ReleaseStepTaken,
)
from chancery.thing import Patch, Projection, Upsert, Write


def project_cases(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case CaseOpened() as event:
            told = {"about", "severity", "title", "unit", "channel", "case_id", "matter_id", "opened_at"}
            row = event.model_dump(include=told) | {
                "version": version,
                "stage": "open",
                "due_on": event.due and event.due.due_on,
                "overdue": False,
                "public": False,
                "late": False,
            }
            return [Upsert("opinion_case", ("case_id",), row)]
        case CaseStepDone() as event:
            return [Patch("opinion_case", {"case_id": event.case_id}, {"version": version})]
        case CaseAnswered() as event:
            answered = {
                "version": version,
                "answer": event.text,
                "public": event.public,
                "answered_at": event.answered_at,
                "late": event.late,
            }
            return [Patch("opinion_case", {"case_id": event.case_id}, answered)]
        case CaseOverdue() as event:
            return [Patch("opinion_case", {"case_id": event.case_id}, {"version": version, "overdue": True})]
        case CaseClosed() as event:
            return [Patch("opinion_case", {"case_id": event.case_id}, {"version": version, "stage": "closed"})]
        case _:
            return []


def project_releases(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case ReleaseAsked() as event:
            told = {"release_id", "matter_id", "case_id", "about", "title", "text", "unit", "asked_at"}
            row = event.model_dump(include=told) | {
                "version": version,
                "stage": "asked",
                "channels": list(event.channels),
                "outstanding": [],
            }
            return [Upsert("release", ("release_id",), row)]
        case ReleaseNeedMet() | ReleaseStepTaken() | ReleaseStepCalledFor() as event:
            return [Patch("release", {"release_id": event.release_id}, {"version": version})]
        case Released() as event:
            out = {
                "version": version,
                "stage": "released",
                "released_at": event.released_at,
                "channels": list(event.channels),
                "outstanding": list(event.outstanding),
            }
            return [Patch("release", {"release_id": event.release_id}, out)]
        case _:
            return []


OF_CASES = (CaseOpened, CaseStepDone, CaseAnswered, CaseOverdue, CaseClosed)
OF_RELEASES = (ReleaseAsked, ReleaseNeedMet, ReleaseStepTaken, ReleaseStepCalledFor, Released)
CASES = Projection("opinion_case", 1, ("opinion_case",), frozenset(k.event_name for k in OF_CASES), project_cases)
RELEASES = Projection("release", 1, ("release",), frozenset(k.event_name for k in OF_RELEASES), project_releases)
