"""Need-to-know groups: which cables the rules of the catalog keep for whose members."""

import sqlite3

from vectorstore.storage.row_level_security import IN_FOLDER_SQL, Rule

_FROM_RULE_SQL = f"""SELECT r.name, f.cable FROM r JOIN places f ON {IN_FOLDER_SQL}
UNION SELECT r.name, f.cable FROM r JOIN places f ON f.file = r.value
UNION SELECT r.name, f.id FROM r JOIN cables f ON {IN_FOLDER_SQL}
UNION SELECT r.name, f.id FROM r JOIN cables f ON f.file = r.value"""
"""(group, cable) of the cables that come from the folders, or files, of some rules r."""
_BIND_SQL = f"""WITH r AS (SELECT name, value FROM rules WHERE kind = 'folder')
INSERT OR IGNORE INTO rules (name, value, kind) SELECT *, 'cable' FROM ({_FROM_RULE_SQL})"""


class GroupRules:
    """The rules in a catalog, which `row_level_security` enforces."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def all(self) -> list[Rule]:
        """Which folders and TAGS are kept for which group."""
        query = "SELECT name, kind, value FROM rules WHERE kind != 'cable' ORDER BY 1, 2, 3"
        return [Rule(*row) for row in self._db.execute(query)]

    def bind(self) -> None:
        """Make a rule for each cable that a folder's rule covers now, which holds wherever the folder goes."""
        self._db.execute(_BIND_SQL)

    def kept_by(self, rule: Rule) -> int:
        """How many cables of the archive a rule keeps now."""
        query = f"WITH r(name, value) AS (VALUES ('', ?)) SELECT count(*) FROM ({_FROM_RULE_SQL})"
        if rule.kind == "tag":
            query = "SELECT count(*) FROM tags WHERE code = ?"
        return int(self._db.execute(query, (rule.value,)).fetchone()[0])

    def put(self, rule: Rule) -> None:
        """Keep a folder's cables, or those with a TAG, for a group; also those that come from the folder later."""
        self._db.execute("INSERT OR IGNORE INTO rules VALUES (?, ?, ?)", (rule.name, rule.kind, rule.value))
        self.bind()

    def drop(self, name: str) -> None:
        """Forget a group's rules: its cables are open to every clearance that their markings allow."""
        self._db.execute("DELETE FROM rules WHERE name = ?", (name,))
