"""Files with the marking of a state secret are not kept, whatever they are put for."""

from chancery.refusal import Refused
from document_svc.intake.readers import read
from document_svc.intake.secrecy import refuse_secrets


def refuse_secret_file(content: bytes) -> None:
    """Turn a file away whose text bears the marking. What has no text that can be read is looked at by nobody here.

    Raises:
        Refused: it is marked.
    """
    try:
        text = read(content).text
    except Refused:
        return
    refuse_secrets(text)
