"""Settings from the environment. Each `NAME` may be the content of a file that `NAME_FILE` names, as secrets come."""

from __future__ import annotations

import environ
from environ.fileaware_mapping import FileAwareMapping


class FromFiles(FileAwareMapping):  # type: ignore[misc]
    def __getitem__(self, key: str) -> str:
        """The value; an editor's last line end is no part of it."""
        return str(super().__getitem__(key)).rstrip("\r\n")


class Environment(environ.FileAwareEnv):  # type: ignore[misc]
    ENVIRON = FromFiles()
