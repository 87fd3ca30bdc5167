"""Every refusal has a sentence, Chinese and English."""

import document_svc
from document_svc.wiring import SERVICE
from tests.reasons import codes_in, unsaid, unused


def test_every_refusal_has_its_sentence_and_every_sentence_its_refusal() -> None:
    assert SERVICE.reasons is not None
    assert len(codes_in(document_svc)) > 15
    assert unsaid(document_svc, SERVICE.reasons) == []
    assert unused(document_svc, SERVICE.reasons) == []
