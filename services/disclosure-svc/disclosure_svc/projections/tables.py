"""The read models as lists look at them."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

CATALOGUE = Table(
    "catalogue",
    MetaData(),
    Column("tenant", Text),
    Column("entry_id", Uuid),
    Column("version", Integer),
    Column("matter_id", Uuid),
    Column("document_id", Uuid),
    Column("index_number", Text),
    Column("title", Text),
    Column("number", Text),
    Column("kind", Text),
    Column("issuer", Text),
    Column("lead_unit", Text),
    Column("issued_on", Date),
    Column("attribute", Text),
    Column("ground", Text),
    Column("channels", JSONB),
    Column("text_name", Text),
    Column("text_size", BigInteger),
    Column("text_sha256", Text),
    Column("reviewed", Boolean),
    Column("interpretation", Text),
    Column("interpretation_name", Text),
    Column("interpretation_sha256", Text),
    Column("stage", Text),
    Column("published_on", Date),
    Column("published_at", DateTime(timezone=True)),
    Column("due_on", Date),
    Column("overdue", Boolean),
)
