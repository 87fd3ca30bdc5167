"""The catalogue with what readers find an entry by, its text, its validity, and what became of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chancery.store.migrate import read_model

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    read_model(
        op,
        "catalogue",
        2,
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("matter_id", sa.Uuid, nullable=False),
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("index_number", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("lead_unit", sa.Text, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("attribute", sa.Text, nullable=False),
        sa.Column("ground", sa.Text),
        sa.Column("channels", JSONB, nullable=False),
        sa.Column("text_name", sa.Text),
        sa.Column("text_size", sa.BigInteger),
        sa.Column("text_sha256", sa.Text),
        sa.Column("reviewed", sa.Boolean),
        sa.Column("interpretation", sa.Text),
        sa.Column("interpretation_name", sa.Text),
        sa.Column("interpretation_sha256", sa.Text),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("published_on", sa.Date),
        sa.Column("published_at", MOMENT),
        sa.Column("due_on", sa.Date),
        sa.Column("overdue", sa.Boolean, nullable=False),
        sa.Column("summary", sa.Text),
        sa.Column("keywords", JSONB, nullable=False),
        sa.Column("theme", sa.Text),
        sa.Column("audience", sa.Text),
        sa.Column("effective_on", sa.Date),
        sa.Column("text", sa.Text),
        sa.Column("laid_sha256", sa.Text),
        sa.Column("laid_size", sa.BigInteger),
        sa.Column("exact", sa.Boolean),
        sa.Column("validity", sa.Text, nullable=False),
        sa.Column("validity_from", sa.Date),
        sa.Column("validity_reason", sa.Text),
        sa.Column("validity_by", sa.Uuid),
        sa.Column("withdrawn_on", sa.Date),
        sa.Column("withdrawn_because", sa.Text),
        sa.Column("look_again_on", sa.Date),
        sa.Column("look_overdue", sa.Boolean, nullable=False),
        key=["entry_id"],
        indexes=["issued_on, entry_id", "published_at, entry_id", "matter_id", "validity_by"],
    )
    read_model(
        op,
        "entry_link",
        2,
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("other", sa.Uuid, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        key=["entry_id", "other"],
    )
