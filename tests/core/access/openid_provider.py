"""A small OpenID provider in a process of its own: `python -m tests.core.access.openid_provider PORT`.

It signs in whoever asks, as the person `POST /next` (JSON) describes: `claims` of the token (None leaves one
out), `userinfo`, `issuer` of the discovery, `signs_with` (`ours`, `another`, `none`), `keeps_nonce`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.config.processes import ROOT

CLIENT, SECRET = "breachdesk", "the client's own secret"
KEYS = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("ours", "another")}


class Provider(BaseHTTPRequestHandler):
    """One answer. What is to come is on the server."""

    server: OpenIDServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/.well-known/openid-configuration":
                self._json(self.server.discovery())
            case "/jwks":
                self._json({"keys": [self.server.public_key()]})
            case "/authorize":
                code = secrets.token_urlsafe(8)
                self.server.codes[code] = asked
                where = asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]})
                self.send_response(302)
                self.send_header("Location", where)
                self.end_headers()
            case "/userinfo":
                self._json(self.server.next.get("userinfo", {}))
            case _:
                self._json({"error": "not here"}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        if self.path == "/next":
            self.server.next = json.loads(body)
            self._json({})
            return
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.server.codes.pop(sent.get("code", ""), None)
        if asked is None or not self._fits(sent, asked):
            self._json({"error": "invalid_grant"}, 400)
            return
        self._json(
            {"access_token": "a", "token_type": "Bearer", "id_token": self.server.token(asked.get("nonce"))}
        )

    def _fits(self, sent: dict[str, str], asked: dict[str, str]) -> bool:
        challenge = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        return (
            (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)
            and sent["redirect_uri"] == asked["redirect_uri"]
            and base64.urlsafe_b64encode(challenge).decode().rstrip("=") == asked.get("code_challenge")
        )

    def _json(self, told: Any, status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""


class OpenIDServer(ThreadingHTTPServer):
    next: dict[str, Any] = {}

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Provider)
        self.codes: dict[str, dict[str, str]] = {}
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.next.get("issuer", self.issuer),
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def public_key(self) -> dict[str, Any]:
        told = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEYS["ours"].public_key()))
        return {**told, "kid": "one", "use": "sig", "alg": "RS256"}

    def token(self, nonce: str | None) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        if not self.next.get("keeps_nonce", True):
            claims["nonce"] = "of another sign-in"
        claims |= self.next.get("claims", {})
        claims = {name: value for name, value in claims.items() if value is not None}
        signer = self.next.get("signs_with", "ours")
        if signer == "none":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": "one"})
        return jwt.encode(claims, KEYS[signer], algorithm="RS256", headers={"kid": "one"})


@contextmanager
def running_provider() -> Iterator[str]:
    """The address of a provider in a process of its own, which ends with the block."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.core.access.openid_provider", "0"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        yield child.stdout.readline().strip()
    finally:
        child.kill()
        child.wait()


def believe(settings: Any, issuer: str) -> None:
    """Let the house take this provider's word."""
    app = {
        "provider_id": "company",
        "name": "그룹 SSO",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    settings.OIDC_ISSUER, settings.OIDC_NAME = issuer, "그룹 SSO"


def say_next(issuer: str, more: dict[str, Any] | None = None, **claims: Any) -> None:
    """Whom the provider signs in from now on."""
    requests.post(f"{issuer}/next", json={"claims": claims, **(more or {})}, timeout=5)


if __name__ == "__main__":
    server = OpenIDServer(int(sys.argv[1]))
    sys.stdout.write(server.issuer + "\n")
    sys.stdout.flush()
    server.serve_forever()
