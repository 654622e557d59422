"""Where everything of the user lies: one folder, so that it can be seen, copied and deleted.

**Conventions.** The environment variable VALENTIN_HOME names another folder (a school's, a test's);
VALENTIN_DATABASE another database, as an SQLAlchemy URL.

**Knows nothing of** what lies there.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from valentin.errors import DeviceError

__all__ = ["DATABASE", "database_url", "folder", "home"]

DATABASE = "valentin.db"


def home() -> Path:
    """The user's folder; it need not be there yet."""
    named = os.environ.get("VALENTIN_HOME", "")
    return Path(named) if named else platformdirs.user_data_path("valentin")


def database_url(where: Path) -> str:
    """The database, as an SQLAlchemy URL: a file in `where` unless VALENTIN_DATABASE says else."""
    return os.environ.get("VALENTIN_DATABASE", "") or f"sqlite:///{where / DATABASE}"


def folder(path: Path) -> Path:
    """The folder, made if it is not there, for its owner alone. Raises DeviceError."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DeviceError(
            f"Opening the folder `{path}` for what is kept: {reason}; "
            "set VALENTIN_HOME to a folder that can be written."
        ) from error
    return path
