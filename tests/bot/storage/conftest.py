"""What the tests of the store share: in each of them the database's own triggers say what was written, too."""

from tests.support.store.oracle import told_by_triggers

__all__ = ["told_by_triggers"]
