"""Who may ask: this machine's own pages, under a name that nobody else can give it.

A page of another site must not reach the studio through the reader's browser. Its scripts are
stopped by the `Origin` and `Sec-Fetch-Site` headers; a name of its own that it lets point to this
machine (DNS rebinding) by the `Host` header: only numbers, `localhost` and the name that the
studio was started with are let in. Beyond the loopback a visitor must also show a token, once.

**Conventions.** Plain ASGI. Every answer carries the policy that nothing is fetched from outside.

**Knows nothing of** what is served.

**Reference.** OWASP, "DNS rebinding"; W3C, "Fetch Metadata Request Headers".
"""

from __future__ import annotations

from http.cookies import SimpleCookie
from ipaddress import ip_address
from secrets import compare_digest
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["POLICY", "Guard"]

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_COOKIE = "valentin"
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Lets in or refuses, and adds the headers that every answer carries."""

    def __init__(self, app: ASGIApp, *, name: str = "localhost", token: str = "") -> None:
        self._app, self._name, self._token = app, name.lower(), token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        trouble = self._trouble(headers, QueryParams(scope.get("query_string", b"")))
        answer = PlainTextResponse(trouble, 403) if trouble else self._app
        await answer(scope, receive, self._adding(send, "" if trouble else self._token))

    def _adding(self, send: Send, token: str) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
                headers.setdefault("content-security-policy", POLICY)
                if token:
                    headers.append(
                        "set-cookie", f"{_COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/"
                    )
            await send(message)

        return with_headers

    def _trouble(self, headers: Headers, query: QueryParams) -> str:
        """Why a request is refused; "" lets it in."""
        if not self._is_ours(headers.get("host", "")):
            return "Opening the studio: it is not known by that name; use the address it printed."
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return "Asking the studio: the request came from another site."
        crossing = headers.get("sec-fetch-site") == "cross-site"
        if crossing and headers.get("sec-fetch-mode") != "navigate":
            return "Asking the studio: the request came from another site."
        if self._token and not self._shown(headers, query):
            return "Opening the studio: the token is missing; use the whole address it printed."
        return ""

    def _is_ours(self, host: str) -> bool:
        name = (urlsplit(f"//{host}").hostname or "").lower()
        if name in ("localhost", self._name):
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True

    def _shown(self, headers: Headers, query: QueryParams) -> bool:
        cookie = SimpleCookie(headers.get("cookie", "")).get(_COOKIE)
        shown = (query.get("token", ""), cookie.value if cookie else "")
        return any(compare_digest(one.encode(), self._token.encode()) for one in shown)
