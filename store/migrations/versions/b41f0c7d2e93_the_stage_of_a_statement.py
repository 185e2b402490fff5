"""the stage of a statement"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = 'b41f0c7d2e93'
down_revision = '956e5e264a46'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stage', sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.drop_column('stage')
