"""What can go wrong with an archive in ways that a user can mend."""


class UserError(Exception):
    """The message says what is wrong and what to do; the page, the API and the commands show it and nothing else."""


class VectorsDamaged(UserError):
    """The vectors cannot be read; the message says what to do."""


class BM25Damaged(UserError):
    """A word index cannot be read; the message says what to do."""


class StateDamaged(UserError):
    """What the catalog remembers of its index cannot be read; the message says what to do."""


class StoreIncomplete(UserError):
    """A store holds less than the catalog counts; the message says which, and what to do."""
