"""The kernel, and the one read model of the trial service."""

import sqlalchemy as sa
from alembic import op

from chancery.store.migrate import install_kernel, read_model

revision = "0001"
down_revision = None


def upgrade() -> None:
    install_kernel(op)
    read_model(
        op,
        "files",
        1,
        sa.Column("file_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("money", sa.BigInteger),
        sa.Column("papers", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        key=("file_id",),
        indexes=("opened_at, file_id",),
    )
