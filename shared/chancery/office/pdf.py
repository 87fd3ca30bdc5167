"""Papers as PDF/A-2, set by typst in a process of its own; text goes in as data and is never read as markup."""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from chancery.calendar import LOCAL
from chancery.office.fonts import type_in
from chancery.office.paper import Paper, as_data, texts
from chancery.office.table import clean
from chancery.refusal import Fault

MEDIA_TYPE: Final = "application/pdf"
SETTER: Final = Path(__file__).with_name("typesetting.py")
SECONDS: Final = 30
AT_ONCE: Final = BoundedSemaphore(2)


def write(paper: Paper, folders: Sequence[Path] = ()) -> bytes:
    """The paper as PDF/A-2u with text that can be searched; the same paper and type give the same bytes.

    ``folders`` hold the office's own type. This waits for another process: call it from a thread where others wait.

    Raises:
        Refused: a character has no glyph; it is named, and no box is printed.
        Fault: the setting took too long, or failed.
    """
    face = type_in(tuple(folders))
    face.check((used, clean(text)) for used, text in texts(paper))
    asked = {
        "paper": as_data(paper),
        "faces": {role: list(families) for role, families in face.families.items()},
        "keywords": list(face.says),
        "folders": [str(folder) for folder in face.folders],
        "timestamp": int(datetime.combine(paper.made_on, time(), LOCAL).timestamp()),
        "seconds": SECONDS,
    }
    with AT_ONCE:
        try:
            run = subprocess.run(
                [sys.executable, "-I", str(SETTER)],
                input=json.dumps(asked).encode(),
                capture_output=True,
                timeout=SECONDS + 10,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise Fault(f"no PDF within {SECONDS + 10} seconds") from late
    if run.returncode or not run.stdout.startswith(b"%PDF"):
        raise Fault(f"no PDF: {run.stderr.decode(errors='replace')[-2000:]}")
    return run.stdout
