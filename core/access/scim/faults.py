"""How SCIM says that something failed (RFC 7644 §3.12)."""

from __future__ import annotations

from typing import Any

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimFault(Exception):
    """What stood in the way: the HTTP status, words for people, and the kind of fault where SCIM names one."""

    def __init__(self, status: int, detail: str, *, kind: str = "") -> None:
        super().__init__(detail)
        self.status, self.kind = status, kind

    def as_document(self) -> dict[str, Any]:
        named = {"scimType": self.kind} if self.kind else {}
        return {"schemas": [ERROR], "status": str(self.status), **named, "detail": str(self)}
