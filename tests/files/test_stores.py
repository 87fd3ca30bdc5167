"""Every store of files keeps the same promises; the one of NATS on a real server, that of S3 by its signatures."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from chancery.bus import connect
from chancery.files import Files, FilesSettings, kind_of, whole
from chancery.files.folder import FolderFiles
from chancery.files.on_bus import BusFiles
from chancery.files.opening import NoStore, open_files
from chancery.files.s3 import EMPTY, Signer
from chancery.names import TenantId
from chancery.refusal import Refused

HERE, ELSEWHERE = TenantId("hongkou"), TenantId("try-other.place_1")
LIMIT = 700_000
PAPER = bytes(range(256)) * 2_500
HASH = hashlib.sha256(PAPER).hexdigest()


async def pieces(content: bytes, size: int = 7_919) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


@pytest.fixture(params=["folder", "bus"])
async def files(request: pytest.FixtureRequest, tmp_path: Path, nats_server: str) -> AsyncIterator[Files]:
    if request.param == "folder":
        yield FolderFiles(tmp_path, LIMIT)
        return
    client = await connect(nats_server, "files")
    yield BusFiles(client, LIMIT)
    await client.close()


async def test_what_is_put_is_there_as_it_was_and_once(files: Files) -> None:
    tenant = TenantId(f"{HERE}-{type(files).__name__.lower()}")
    assert await files.size(tenant, HASH) is None
    assert await whole(files, tenant, HASH) is None
    assert [piece async for piece in files.read(tenant, HASH)] == []
    first = await files.put(tenant, HASH, pieces(PAPER))
    again = await files.put(tenant, HASH, pieces(PAPER))
    assert (first.size, first.new, again.size, again.new) == (len(PAPER), True, len(PAPER), False)
    assert await files.size(tenant, HASH) == len(PAPER)
    assert await whole(files, tenant, HASH) == PAPER
    assert len([piece async for piece in files.read(tenant, HASH)]) > 1
    assert await files.size(ELSEWHERE, HASH) is None


async def test_other_bytes_and_too_many_leave_nothing_behind(files: Files) -> None:
    with pytest.raises(Refused) as differs:
        await files.put(HERE, "0" * 64, pieces(PAPER))
    with pytest.raises(Refused) as large:
        await files.put(HERE, HASH, pieces(PAPER + PAPER))
    assert [one.value.reasons[0].code for one in (differs, large)] == ["file_differs", "file_too_large"]
    assert large.value.kind == "too_large"
    assert await files.size(HERE, "0" * 64) is None
    if isinstance(files, FolderFiles):
        assert [path for path in files.folder.rglob("*") if path.is_file()] == []


async def test_an_upload_that_breaks_off_is_not_kept(files: Files) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield PAPER[:1_000]
        raise ConnectionResetError

    tenant = TenantId("broken")
    with pytest.raises(ConnectionResetError):
        await files.put(tenant, HASH, broken())
    assert await files.size(tenant, HASH) is None


def test_s3_requests_are_signed_as_the_published_example_says() -> None:
    """The worked example of AWS: GET Object with a range, us-east-1, 24 May 2013."""
    signer = Signer("AKIAIOSFODNN7EXAMPLE", SecretStr("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), "us-east-1")
    at = datetime(2013, 5, 24, tzinfo=UTC)
    url = "https://examplebucket.s3.amazonaws.com/test.txt"
    headers = signer.signed("GET", url, EMPTY, at, {"Range": "bytes=0-9"})
    assert headers["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_the_settings_name_the_store_and_say_what_is_missing(tmp_path: Path) -> None:
    assert isinstance(open_files(FilesSettings(files=tmp_path), None), FolderFiles)
    with pytest.raises(NoStore, match="CHANCERY_NATS_URL"):
        open_files(FilesSettings(files_store="bus"), None)
    with pytest.raises(NoStore, match="CHANCERY_FILES_S3_URL"):
        open_files(FilesSettings(files_store="s3", files_s3_url="https://objects.example/chancery"), None)


@pytest.mark.parametrize(
    ("name", "media_type", "begins", "fits"),
    [
        ("草案.pdf", "application/pdf", b"%PDF-1.7", True),
        ("草案.pdf", "application/pdf", b"MZ\x90\x00", False),
        ("草案.docx", "application/pdf", b"%PDF-1.7", False),
        ("草案.pdf.exe", "application/x-msdownload", b"MZ\x90\x00", False),
        ("说明.txt", "text/plain; charset=utf-8", "情况说明".encode(), True),
        ("说明.txt", "text/plain", b"MZ\x90\x00", False),
        ("文稿.wps", "application/vnd.ms-works", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", True),
        ("无名", "application/pdf", b"%PDF-1.7", False),
    ],
)
def test_a_file_is_of_a_kind_where_name_type_and_bytes_agree(
    name: str, media_type: str, begins: bytes, fits: bool
) -> None:
    assert (kind_of(name, media_type, begins) is not None) is fits
