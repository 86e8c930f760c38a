"""An OpenID Connect provider on this machine: whole enough to sign in at, and wrong in one way when told."""

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from running_server import free_port
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from starlette.routing import Route

CLIENT, SECRET = "synergy-test", "the provider's own secret"


class Provider:
    """``claims`` are added to what every token says (None takes one out); ``fault`` names what is wrong."""

    def __init__(self):
        self.port = free_port()
        self.issuer = f"http://localhost:{self.port}"
        self.redirect = None
        self.reset()
        self._key = RSAKey.generate_key(2048, {"kid": "good", "use": "sig", "alg": "RS256"})
        self._other = RSAKey.generate_key(2048, {"kid": "good", "use": "sig", "alg": "RS256"})
        routes = [
            Route("/.well-known/openid-configuration", self._metadata),
            Route("/jwks", self._jwks),
            Route("/authorize", self._authorize),
            Route("/granted", self._granted),
            Route("/token", self._token, methods=["POST"]),
            Route("/userinfo", self._userinfo),
            Route("/logout", self._logout),
        ]
        config = uvicorn.Config(Starlette(routes=routes), port=self.port, log_level="error", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def reset(self, fault=None, **claims):
        self.fault, self.claims = fault, claims
        self.codes, self.ended, self.asked = {}, [], []

    def settings(self, server_url, more=""):
        """The section that names this provider."""
        return (
            f'[auth]\nredirect_uri = "{server_url}/oauth2callback"\ncookie_secret = "{"k3y-" * 12}"\n'
            f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
            f'server_metadata_url = "{self.issuer}/.well-known/openid-configuration"\n{more}'
        )

    def __enter__(self):
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join(20)

    async def _metadata(self, request):
        if self.fault == "down":
            return PlainTextResponse("gone", 503)
        told = {
            "issuer": "https://other.example" if self.fault == "issuer of another" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }
        if self.fault != "no sign-out":
            told["end_session_endpoint"] = f"{self.issuer}/logout"
        return JSONResponse(told)

    async def _jwks(self, request):
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    async def _authorize(self, request):
        """A page with one button, as if someone had typed their password."""
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") != self.redirect:
            return PlainTextResponse("unknown client or address", 400)
        self.asked.append(asked)
        where = html.escape(f"/granted?{urlencode(asked)}")
        return HTMLResponse(f'<!DOCTYPE html><title>Institution</title><a href="{where}">I am Olga</a>')

    async def _granted(self, request):
        asked = dict(request.query_params)
        if self.fault == "denied":
            back = {"error": "access_denied", "error_description": "<b>no</b>", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            state = "forged" if self.fault == "state" else asked["state"]
            back = {"code": code, "state": state}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 302)

    async def _token(self, request):
        sent = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        by_header = request.headers.get("authorization") == f"Basic {basic}"
        if not by_header and (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, SECRET):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(sent.get("code"), None)
        if asked is None or sent.get("redirect_uri") != asked["redirect_uri"] or not _pkce(asked, sent):
            return JSONResponse({"error": "invalid_grant"}, 400)
        if self.fault == "token refused":
            return JSONResponse({"error": "server_error"}, 500)
        answer = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300}
        if self.fault != "no identity":
            answer["id_token"] = self._identity(asked["nonce"])
        return JSONResponse(answer)

    def _identity(self, nonce):
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "42", "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"nonce": nonce, "email": "olga@uni.example", "email_verified": True, **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.fault == "nonce":
            claims["nonce"] = "that of another sign-in"
        if self.fault == "unsigned":
            header, body = ({"alg": "none", "kid": "good"}, claims)
            return f"{_base64(json.dumps(header))}.{_base64(json.dumps(body))}."
        key = self._other if self.fault == "key" else self._key
        return jwt.encode({"alg": "RS256", "kid": "good"}, claims, key)

    async def _userinfo(self, request):
        return JSONResponse({"sub": "42", "email": "olga@uni.example", "email_verified": True})

    async def _logout(self, request):
        self.ended.append(dict(request.query_params))
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 302)


def _pkce(asked, sent):
    digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
    return asked.get("code_challenge") == base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _base64(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
