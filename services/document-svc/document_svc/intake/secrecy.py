"""State secrets stay outside: their markings are looked for before anything is kept (保密审查)."""

import re
from collections.abc import Mapping
from typing import Final

from chancery.refusal import Reason, Refused

STAR: Final = "★☆⭐✩✭"
GRADE: Final = r"(?:绝\s*密|机\s*密|秘\s*密)"
STARRED: Final = re.compile(rf"{GRADE}\s*[{STAR}]")
LABELLED: Final = re.compile(rf"密\s*级\s*[:：]\s*{GRADE}")
MARK: Final = re.compile(
    rf"[\[【［（(]?\s*{GRADE}\s*[\]】］）)]?(?:\s*(?:长期|\d+\s*(?:年|个月)))?(?:\s+(?:特急|加急|特提|平急))?", re.ASCII
)
NUMBERED_MARK: Final = re.compile(rf"\d{{6}}\s+{GRADE}(?:\s.*)?")
HEAD: Final = 12
GRADES: Final = ("绝密", "机密", "秘密")


def refuse_secrets(text: str, page: Mapping[str, str] | None = None) -> None:
    """Turn a document with the marking of a state secret away. The refusal holds nothing of what it said.

    A grade with its star counts wherever it stands, a grade alone where markings stand: on a line of its own in the
    head of a document or of one that begins on a later page. The mere word in a sentence is nothing.

    Raises:
        Refused: it is marked.
    """
    if STARRED.search(text) or LABELLED.search(text) or _headed(text) or _labelled(page or {}):
        raise Refused(Reason("state_secret_refused"))


def _labelled(page: Mapping[str, str]) -> bool:
    return any("密级" in "".join(label.split()) and _grade(value) for label, value in page.items())


def _grade(value: str) -> bool:
    return "".join(value.split()).startswith(GRADES)


def _headed(text: str) -> bool:
    for page in text.split("\f"):
        head = [line.strip() for line in page.split("\n") if line.strip()][:HEAD]
        if any(MARK.fullmatch(line) or NUMBERED_MARK.fullmatch(line) for line in head):
            return True
    return False
