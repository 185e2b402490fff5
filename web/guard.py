"""What holds for every answer, whoever made it: the security headers, reading only, and a bound on what is asked.

It is written against ASGI itself, so that nothing inside the application, its errors included, can answer around it.
"""

from collections.abc import Callable

from fastapi import Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problems import Problem

MAX_QUERY = 2_000        # bytes; the longest form that the pages can send is under 500
MAX_PATH = 500           # bytes; ids are 16 characters

SECURITY_HEADERS = {
    # No scripts at all, styles and images of our own only: text from anywhere can do no more than be read.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
                               "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",                           # for browsers that do not know frame-ancestors
    "Referrer-Policy": "no-referrer",                    # a newspaper need not learn what its reader looks for
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",                 # the texts belong to their publishers
}


class Guard:
    """The outermost layer around the application."""

    def __init__(self, app: ASGIApp, refuse: Callable[[str, Problem], Response]) -> None:
        """`refuse` makes the answer for a path and a problem."""
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head_only = scope["method"] == "HEAD"

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-cache")
            elif head_only and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        problem = _problem(scope)
        if problem is not None:
            await self._refuse(scope["path"], problem)(scope, receive, guarded)
            return
        await self._app({**scope, "method": "GET"} if head_only else scope, receive, guarded)


def _problem(scope: Scope) -> Problem | None:
    if scope["method"] not in {"GET", "HEAD"}:
        return Problem(405, "method_not_allowed", f"Nothing here answers {scope['method'][:20]}: everything is for reading.",
                       "Ask with GET.", headers={"Allow": "GET, HEAD"})
    if len(scope.get("query_string", b"")) > MAX_QUERY or len(scope["path"].encode()) > MAX_PATH:
        return Problem(414, "request_too_long", "The address is longer than anything that this service understands.",
                       "Shorten the search words, or drop parameters.")
    return None
