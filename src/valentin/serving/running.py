"""The studio's server: a socket, the application, an address to open.

**Conventions.** Loopback unless told otherwise; beyond it the address carries a token. Port 0
takes a free one. The address is printed as one line when the studio can be asked.

**Knows nothing of** what is served.
"""

from __future__ import annotations

import secrets
import socket
import sys
import webbrowser
from ipaddress import ip_address

import uvicorn

from valentin.errors import DeviceError
from valentin.serving.library import Library
from valentin.serving.studio import studio

__all__ = ["serve"]


def serve(host: str, port: int, *, open_browser: bool = False) -> None:
    """Open the studio and serve until it is interrupted.

    Raises DeviceError where the port or the host cannot be had.
    """
    token = "" if _is_loopback(host) else secrets.token_urlsafe(18)
    with _listening(host, port) as listener:
        bound = listener.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{bound}/" + (f"?token={token}" if token else "")
        config = uvicorn.Config(
            studio(Library(), name=host, token=token),
            log_level="warning",
            timeout_graceful_shutdown=1,
            server_header=False,
        )
        server = _Announcing(config, address, open_browser)
        server.run(sockets=[listener])


class _Announcing(uvicorn.Server):
    """Says where the studio is once it answers."""

    def __init__(self, config: uvicorn.Config, address: str, open_browser: bool) -> None:
        super().__init__(config)
        self._address, self._open_browser = address, open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(f"The studio is open at {self._address} (Ctrl-C closes it).\n")
        sys.stdout.flush()
        if self._open_browser:
            webbrowser.open(self._address)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DeviceError(
            f"Opening the studio at {host}, port {port}: {reason.lower()}; "
            "choose another with --port (0 takes a free one)."
        ) from error
    return listener
