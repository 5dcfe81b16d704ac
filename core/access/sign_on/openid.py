"""Asking the company's OpenID provider who somebody is, and believing only what it signed for this very sign-in."""

from __future__ import annotations

import hmac
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

SIGNING = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
REQUIRED = ["exp", "iat", "iss", "aud", "sub"]
CLOCKS_APART = 30  # seconds
CLAIMS = "claims"  # on the sign-in, never stored


class CompanyOpenID(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The code flow with state, PKCE and nonce; every token's signature is verified.

    `state` is what was kept in the session when the sign-in began. OAuth2Error for whatever does not fit.
    """

    state: dict[str, Any]

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        if config.get("issuer") != settings.OIDC_ISSUER:
            raise OAuth2Error("the provider names another issuer")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Who signed in, with the claims beside; what the provider says of them is not kept."""
        claims = self._signed_claims(app, str(kwargs["response"].get("id_token") or ""))
        nonce = str(self.state.get("nonce") or "")
        if not nonce or not hmac.compare_digest(nonce, str(claims.get("nonce"))):
            raise OAuth2Error("the answer belongs to another sign-in")
        if "email" not in claims:
            claims = {**self._also_said(token.token, of=claims["sub"]), **claims}
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.account.extra_data = {}
        setattr(login, CLAIMS, claims)
        return login

    def _signed_claims(self, app: Any, token: str) -> dict[str, Any]:
        try:
            key = self._key_of(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=SIGNING,
                audience=app.client_id,
                issuer=settings.OIDC_ISSUER,
                leeway=CLOCKS_APART,
                options={"require": REQUIRED},
            )
        except jwt.PyJWTError as fault:
            raise OAuth2Error(f"id_token: {type(fault).__name__}") from fault
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != app.client_id:
            raise OAuth2Error("the token was made for another program")
        return claims

    def _key_of(self, token: str) -> jwt.PyJWK:
        """The key the token names; the only one where it names none."""
        named = jwt.get_unverified_header(token).get("kid")
        keys = jwt.PyJWKSet.from_dict(self._ask(self.openid_config["jwks_uri"])).keys
        fitting = [key for key in keys if key.key_id == named] if named else keys
        if len(fitting) != 1:
            raise OAuth2Error("the provider has no such key")
        return fitting[0]

    def _also_said(self, access_token: str, *, of: str) -> dict[str, Any]:
        """What the provider says of the same person where the token is brief."""
        told = self._ask(self.profile_url, Authorization=f"Bearer {access_token}")
        if told.get("sub") != of:
            raise OAuth2Error("the provider speaks of somebody else")
        return told

    def _ask(self, url: str, **headers: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as web:
            answer = web.get(url, headers=headers)
            answer.raise_for_status()
            try:
                found: dict[str, Any] = answer.json()
            except ValueError as fault:
                raise OAuth2Error("the provider answers no JSON") from fault
            return found
