"""Every refusal has a sentence, Chinese and English."""

import disclosure_svc
from disclosure_svc.wiring import SERVICE
from tests.reasons import codes_in, unsaid, unused


def test_every_refusal_has_its_sentence_and_every_sentence_its_refusal() -> None:
    assert SERVICE.reasons is not None
    assert len(codes_in(disclosure_svc)) >= 6
    assert unsaid(disclosure_svc, SERVICE.reasons) == []
    # Needs come by the word of the rules: this one has a sentence of its own, others the common one.
    assert unused(disclosure_svc, SERVICE.reasons) == ["needs_interpretation"]
