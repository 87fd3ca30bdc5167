"""Every refusal has a sentence, Chinese and English."""

import meeting_svc
from meeting_svc.wiring import SERVICE
from tests.reasons import codes_in, unsaid, unused


def test_every_refusal_has_its_sentence_and_every_sentence_its_refusal() -> None:
    assert SERVICE.reasons is not None
    assert len(codes_in(meeting_svc)) > 40
    assert unsaid(meeting_svc, SERVICE.reasons) == []
    assert unused(meeting_svc, SERVICE.reasons) == []
