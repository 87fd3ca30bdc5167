"""Every refusal has a sentence, Chinese and English."""

import supervision_svc
from supervision_svc.wiring import SERVICE
from tests.reasons import codes_in, unsaid, unused


def test_every_refusal_has_its_sentence_and_every_sentence_its_refusal() -> None:
    assert SERVICE.reasons is not None
    assert len(codes_in(supervision_svc)) >= 9
    assert unsaid(supervision_svc, SERVICE.reasons) == []
    assert unused(supervision_svc, SERVICE.reasons) == []
