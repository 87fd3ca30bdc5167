"""Where files lie: found by their SHA-256, kept once, streamed in and out, never rewritten.

One interface, ``Files``; by setting a folder, the object store of NATS, or anything that speaks S3: see ``opening``.
"""

from chancery.files.kinds import Kind, kind_of
from chancery.files.settings import FilesSettings
from chancery.files.store import Files, Kept, whole

__all__ = ["Files", "FilesSettings", "Kept", "Kind", "kind_of", "whole"]
