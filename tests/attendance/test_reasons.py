"""Every refusal has a sentence, Chinese and English."""

import attendance_svc
from attendance_svc.wiring import SERVICE
from tests.reasons import codes_in, unsaid, unused


def test_every_refusal_has_its_sentence_and_every_sentence_its_refusal() -> None:
    assert SERVICE.reasons is not None
    assert len(codes_in(attendance_svc)) > 20
    assert unsaid(attendance_svc, SERVICE.reasons) == []
    assert unused(attendance_svc, SERVICE.reasons) == []
