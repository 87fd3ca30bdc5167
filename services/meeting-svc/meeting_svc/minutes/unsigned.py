"""Whether minutes still wait for a signature: what reviewing and signing both ask first."""

from chancery.events.meeting import MinutesDrafted
from chancery.refusal import Reason
from meeting_svc.minutes.state import Minutes, Stage


def not_to_be_signed(minutes: Minutes) -> tuple[MinutesDrafted | None, tuple[Reason, ...]]:
    """The draft, and the reasons why it is past signing; no reason where it waits."""
    if minutes.draft is None:
        return None, (Reason("minutes_not_drafted"),)
    if minutes.stage is not Stage.DRAFTED:
        return minutes.draft, (Reason("minutes_signed_already"),)
    return minutes.draft, ()
