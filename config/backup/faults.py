"""Why a backup or a restore is refused."""


class BackupRefused(Exception):
    """What stands in the way, in words for the person at the command line."""
