"""What can go wrong, said so that a pianist can mend it.

    ValentinError            anything a user can cause; the CLI prints it on one line and exits 1
    ├── ReadError            a file that cannot be read (path, place)
    ├── MusicError           music that makes no sense (place, note)
    ├── TakeError            a take that cannot be judged (evidence)
    ├── DeviceError          a sound card, a MIDI port, a disk
    └── MissingError         an optional part that is not installed (command)

Recipe: *what was being done: what was found, where; what to do.* Example:
``Reading `op27.musicxml`: bar 14, staff 2 lasts 3.5 quarters in 4/4; correct the voice or pass
`--lenient`.``

Programming errors stay ``ValueError`` and ``TypeError``: "velocity must be in 1..127, got 0".
"""

from __future__ import annotations

__all__ = [
    "DeviceError",
    "MissingError",
    "MusicError",
    "ReadError",
    "TakeError",
    "ValentinError",
]


class ValentinError(Exception):
    """Anything a user can cause and mend; its text is one line."""


class ReadError(ValentinError):
    """A file could not be read; `place` says where in it, as far as that is known."""

    def __init__(self, message: str, *, path: str = "", place: str = "") -> None:
        super().__init__(message)
        self.path = path
        self.place = place


class MusicError(ValentinError):
    """Music that makes no sense; `place` is a bar or a beat, `note` a note id."""

    def __init__(self, message: str, *, place: str = "", note: str = "") -> None:
        super().__init__(message)
        self.place = place
        self.note = note


class TakeError(ValentinError):
    """A take that cannot be judged; `evidence` is the measured reason."""

    def __init__(self, message: str, *, evidence: str = "") -> None:
        super().__init__(message)
        self.evidence = evidence


class DeviceError(ValentinError):
    """A sound card, a MIDI port or a disk that does not do what was asked."""


class MissingError(ValentinError):
    """An optional part is not installed; `command` installs it."""

    def __init__(self, message: str, *, command: str) -> None:
        super().__init__(message)
        self.command = command
