"""The archive's upkeep: consistency, backup and restore, salvage."""
