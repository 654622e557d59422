"""A workshop beside the studio: long work is done in another process, one piece after another.

In: a function of a module, with arguments that can be pickled. Out: a future; on the way there,
how far the work is.

**Conventions.** The function takes `told`, a callable for how far it is, as its last argument. Work
that makes the process die (a hostile file, too little memory) fails with a DeviceError, and the
next begins in a new process. The process is started when there is work and goes with the studio.

**Knows nothing of** what is worked at.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

from valentin.errors import DeviceError, ValentinError

__all__ = ["Stopped", "Workshop"]

T = TypeVar("T")
Told = Callable[[Any], None]


class Stopped(ValentinError):
    """Work that somebody cancelled."""


@dataclass(slots=True)
class _Job:
    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    told: Told
    future: Future[Any]


class Workshop:
    """One process for long work."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = Lock()
        self._master: Thread | None = None
        self._process: BaseProcess | None = None
        self._line: Connection | None = None
        self._doing: Future[Any] | None = None

    def do(self, work: Callable[..., T], *arguments: Any, told: Told = lambda _: None) -> Future[T]:
        """Begin, when what was asked for before is done."""
        future: Future[T] = Future()
        self._jobs.put(_Job(work, arguments, told, future))
        with self._lock:
            if self._master is None:
                self._master = Thread(target=self._work, name="workshop", daemon=True)
                self._master.start()
        return future

    def cancel(self, future: Future[Any]) -> None:
        """Do not do it, or do it no further: then the process ends, and another takes its place."""
        future.cancel()
        with self._lock:
            if self._doing is future and self._process is not None:
                self._process.terminate()

    def close(self) -> None:
        """Do nothing more."""
        self._jobs.put(None)
        with self._lock:
            if self._process is not None:
                self._process.terminate()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not job.future.set_running_or_notify_cancel():
                continue
            try:
                result = self._done(job)
            except BaseException as error:  # noqa: BLE001 - told to whoever waits
                job.future.set_exception(error)
            else:
                job.future.set_result(result)

    def _done(self, job: _Job) -> Any:
        line = self._ready(job.future)
        try:
            line.send((job.work, job.arguments))
            while True:
                kind, value = line.recv()
                if kind == "told":
                    job.told(value)
                elif kind == "failed":
                    raise value
                else:
                    return value
        except (EOFError, ConnectionError) as error:
            self._line = None
            if self._process is not None:
                self._process.join(timeout=5)
            if self._process is not None and self._process.exitcode == -signal.SIGTERM:
                raise Stopped("The work was stopped.") from error
            raise DeviceError(
                "Working at it: it was too much for this machine, or the file is hostile; "
                "try a smaller one."
            ) from error
        finally:
            with self._lock:
                self._doing = None

    def _ready(self, future: Future[Any]) -> Connection:
        """The line to a process that waits for work."""
        with self._lock:
            self._doing = future
            if self._line is None or self._process is None or not self._process.is_alive():
                context = multiprocessing.get_context("spawn")
                self._line, theirs = context.Pipe()
                self._process = context.Process(target=_worker, args=(theirs,), daemon=True)
                self._process.start()
                theirs.close()
            return self._line


def _worker(line: Connection) -> None:
    """Work as long as there is someone to work for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the studio
    with suppress(EOFError, ConnectionError):
        while True:
            work, arguments = line.recv()
            line.send(_outcome(work, arguments, line))


def _outcome(work: Callable[..., Any], arguments: tuple[Any, ...], line: Connection) -> Any:
    def told(how_far: object) -> None:
        line.send(("told", how_far))

    try:
        return "done", work(*arguments, told)
    except ValentinError as error:
        return "failed", error
    except Exception as error:  # noqa: BLE001 - it is told in the studio, as text
        return "failed", RuntimeError(f"{type(error).__name__}: {error}")
