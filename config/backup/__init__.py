"""Backup and restore: the database, the evidence and, apart from both, the keys.

A backup is a folder. `database.bdv` (the dump) and `state.bdv` (what the restored house must be) are sealed with
the vault's key; `evidence/` holds the kept files as they lie, sealed already. `manifest.json` names every file
with its size and SHA-256; `manifest.bdv` is the same, sealed, so that a changed list is noticed. The folder
gets its name last of all: what has another name, or no manifest, is half a backup.
"""
