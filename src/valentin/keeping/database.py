"""The database: opened, brought up to date, read and written.

In: a URL. Out: connections, each one transaction.

**Conventions.** SQLite in write-ahead mode: readers never wait, a writer waits for the other up to
`PATIENCE_S`; `synchronous=FULL`, so that what was committed survives a power cut. Who writes says
so first (BEGIN IMMEDIATE; in PostgreSQL a lock): two processes never both believe a name free.
Before an older SQLite database is changed, a copy of it is laid beside it.

**Knows nothing of** what is kept.

**Reference.** SQLite, "Write-Ahead Logging" and "Isolation in SQLite".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, insert, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from valentin.errors import DeviceError, MissingError
from valentin.keeping.tables import META, STEPS, versions

__all__ = ["Database"]

PATIENCE_S = 20.0
_ADVISORY = 0x7661_6C65
"""The lock ("vale") that a writer holds in PostgreSQL, which has no BEGIN IMMEDIATE."""

Steps = tuple[Callable[[Connection], None], ...]


class Database:
    """One database, at the version of this program."""

    def __init__(self, url: str, steps: Steps = STEPS) -> None:
        """Open it, make it, or bring it up to date.

        Raises DeviceError where it cannot be had or is newer than this program, MissingError
        where the driver for its URL is not installed.
        """
        self._engine = _engine(url)
        self._steps = steps
        with _told("Opening"):
            self._bring_up()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads."""
        with _told("Reading"), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that writes: all of it when the block ends well, else nothing."""
        with _told("Writing"):
            engine = self._engine.execution_options(writing=True)
            with engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY)))
                yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def rebuild(self) -> None:
        """Leave nothing in the files of what was deleted: copies go, the database is made anew."""
        if self.file is None:
            return
        for copy in self.file.parent.glob(f"{self.file.stem}-before-version-*"):
            copy.unlink(missing_ok=True)
        with _told("Emptying"), self._engine.connect() as connection:
            for statement in ("ROLLBACK", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)", "BEGIN"):
                connection.exec_driver_sql(statement)

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        url = self._engine.url
        is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
        return Path(str(url.database)) if is_file else None

    def _bring_up(self) -> None:
        with self.reading() as connection:
            version = _version(connection)
        if version == len(self._steps):
            return
        if version > len(self._steps):
            raise DeviceError(
                f"Opening the database of what is kept: it has version {version}, and this "
                f"valentin knows {len(self._steps)}; update valentin."
            )
        if version and self.file:
            self._back_up(self.file, version)
        with self.writing() as connection:
            META.create_all(connection, [versions])
            for step in range(_version(connection), len(self._steps)):
                self._steps[step](connection)
                connection.execute(insert(versions).values(version=step + 1, since_s=time.time()))

    def _back_up(self, file: Path, version: int) -> None:
        """A whole copy beside the database, taken while others may read and write it."""
        copy = file.with_name(f"{file.stem}-before-version-{version + 1}{file.suffix}")
        if not copy.exists():
            with self._engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
                connection.exec_driver_sql("BEGIN")


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table("versions"):
        return 0
    return connection.execute(select(func.max(versions.c.version))).scalar() or 0


def _engine(url: str) -> Engine:
    try:
        made = make_url(url)
        if made.get_backend_name() != "sqlite":
            return create_engine(made, pool_pre_ping=True)
        engine = create_engine(made, poolclass=NullPool, connect_args={"timeout": PATIENCE_S})
    except ModuleNotFoundError as error:
        raise MissingError(
            f"Opening the database: its driver {error.name} is not installed; "
            f"`pip install {error.name}` installs it.",
            command=f"pip install {error.name}",
        ) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise DeviceError(
            "Opening the database: VALENTIN_DATABASE is no URL of a database; "
            "give one like postgresql+psycopg://user@host/valentin, or none."
        ) from error
    event.listen(engine, "connect", _prepared)
    event.listen(engine, "begin", _begun)
    return engine


def _prepared(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begun`, not by the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begun(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def _told(doing: str) -> Iterator[None]:
    """What the database refuses, said to a person."""
    try:
        yield
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        raise DeviceError(
            f"{doing} the database of what is kept: {reason}; "
            "free some space or close what else uses it, and try again."
        ) from error
