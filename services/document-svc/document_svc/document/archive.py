"""Put an issued document to the archive (归档): its texts, and the record of how it was handled, in one package."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.document import DocumentEvent
from chancery.events.outgoing import DocumentArchived
from chancery.events.parts import PaperRef
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from document_svc.document.hands import registrar
from document_svc.document.state import Document, Stage


@dataclass(frozen=True, slots=True)
class Archive:
    """``package`` is the ZIP as it was put into the store; ``missing`` are files that the store does not hold.

    ``nothing_since`` says that nothing happened to the document since it was archived.
    """

    by: PersonId
    package: PaperRef
    manifest_sha256: str
    files: int
    missing: tuple[str, ...] = ()
    nothing_since: bool = False


def archive(command: Archive, document: Document, rules: Rules) -> Sequence[Told[DocumentEvent]]:
    """By the office; again only where something was added since.

    Raises:
        Refused: not issued, or a file is gone; (forbidden) not the office acts.
    """
    if document.draft is None:
        raise Refused(Reason("document_not_drafted"))
    hand = registrar(rules, command.by)
    lacking: list[Reason] = []
    if document.stage is not Stage.ISSUED:
        lacking.append(Reason("document_not_issued"))
    lacking += [Reason("file_missing", subject=name) for name in command.missing]
    if lacking:
        raise Refused(*lacking)
    if document.archived is not None and command.nothing_since:
        return []
    told = DocumentArchived(
        document_id=document.id,
        package=command.package,
        manifest_sha256=command.manifest_sha256,
        files=command.files,
        archived_by=command.by,
    )
    return [Told(told, standing=hand)]
