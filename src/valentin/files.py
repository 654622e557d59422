"""Write beside and rename: a file is whole or is not there.

**Conventions.** `written(path)` gives a temporary path in the same folder; when the block ends
well it takes the place of `path` in one step, otherwise it is removed and `path` is as it was.
Any room that writes may use this module.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from valentin.errors import DeviceError

__all__ = ["written"]


def _usual_mode() -> int:
    """What a new file may be: asked once, while no thread runs, since asking means setting."""
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask


_MODE = _usual_mode()


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A temporary path (same suffix, same folder) that becomes `path` if nothing went wrong.

    Raises DeviceError where the folder is missing, not writable, or the disk is full.
    """
    if path.is_dir():
        raise DeviceError(f"Writing `{path}`: that is a folder; give the name of a file.")
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent
        )
        os.close(handle)
    except OSError as error:
        raise _cannot_write(path, error) from error
    beside = Path(name)
    try:
        yield beside
        beside.chmod(_MODE)
        beside.replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        beside.unlink(missing_ok=True)


def _cannot_write(path: Path, error: OSError) -> DeviceError:
    if not path.parent.is_dir():
        return DeviceError(f"Writing `{path}`: there is no folder `{path.parent}`; make it first.")
    reason = error.strerror or str(error)
    return DeviceError(f"Writing `{path}`: {reason.lower()}; choose another place or free some.")
