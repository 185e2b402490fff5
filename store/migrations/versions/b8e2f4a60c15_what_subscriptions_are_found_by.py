"""subscriptions found by what a finding is"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = 'b8e2f4a60c15'
down_revision = 'a3f6c1d09b77'
branch_labels = None
depends_on = None

MOST_KEYS = 400


def upgrade() -> None:
    """Apply."""
    text = sqlmodel.sql.sqltypes.AutoString()
    op.create_table(
        'subscription_key',
        sa.Column('key', text, nullable=False),
        sa.Column('subscription_id', sa.Integer(), nullable=False),
        sa.Column('min_confidence', sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(['subscription_id'], ['subscription.id']),
        sa.PrimaryKeyConstraint('key', 'subscription_id'),
    )
    op.create_index('ix_subscription_key_confidence', 'subscription_key', ['key', 'min_confidence', 'subscription_id'])
    op.create_index('ix_subscription_key_subscription_id', 'subscription_key', ['subscription_id'])
    known = sa.table('subscription', sa.column('id'), sa.column('sides', sa.JSON()), sa.column('kinds', sa.JSON()), sa.column('findings', sa.JSON()),
                     sa.column('min_confidence'), sa.column('enabled', sa.Boolean()))
    keys = sa.table('subscription_key', sa.column('key'), sa.column('subscription_id'), sa.column('min_confidence'))
    for row in op.get_bind().execute(sa.select(known).where(known.c.enabled.is_(True))).all():
        named = [sorted({word.casefold() for word in words}) or ['*'] for words in (row.sides, row.kinds, row.findings)]
        for widened in (1, 2):
            if len(named[0]) * len(named[1]) * len(named[2]) > MOST_KEYS:
                named[widened] = ['*']
        op.execute(keys.insert().values([{'key': f'{side}|{kind}|{finding}', 'subscription_id': row.id, 'min_confidence': row.min_confidence}
                                         for side in named[0] for kind in named[1] for finding in named[2]]))


def downgrade() -> None:
    """Take back."""
    op.drop_table('subscription_key')
