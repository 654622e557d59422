"""The verb that opens a place to be in: `studio`.

**Knows nothing of** algorithms.
"""

from __future__ import annotations

from valentin.cli.arguments import Given, Verbs, add_verb

__all__ = ["add_studio"]


def add_studio(verbs: Verbs) -> None:
    """`valentin studio`."""
    verb = add_verb(
        verbs, "studio", _studio, "open the studio in the browser", "valentin studio --port 8009"
    )
    verb.add_argument("--port", type=int, default=8009, metavar="N", help="0 picks a free one")
    verb.add_argument("--host", default="127.0.0.1", metavar="H", help="this machine only")
    verb.add_argument("--open", action="store_true", help="open the browser too")


def _studio(given: Given) -> None:
    from valentin.serving import serve

    serve(given.host, given.port, open_browser=given.open)
