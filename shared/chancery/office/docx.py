"""Papers as DOCX: margins, character grid and East Asian fonts as GB/T 9704 has them.

The fonts are named, not embedded: an office's own machines have them, another shows what it puts in their place.
"""

from typing import Final

from chancery.office.paper import Paper

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def write(paper: Paper) -> bytes:
    """The paper as a document that Word and WPS open."""
    from chancery.office.writing import docx

    return docx.write(paper)
