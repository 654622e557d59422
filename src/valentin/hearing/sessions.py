"""A graph, ready to run: onnxruntime as this room uses it.

In: the bytes of an ONNX model, or the file that holds one. Out: a session of onnxruntime.

**Conventions.** No thread spins while it waits, so that a busy machine is left to others. Memory
of a run comes from one pool, which grows from `POOL_BYTES`: large enough that the largest arrays
of a run (41 MB) share it, since from pools of their own they would not be used again.

**Knows nothing of** what a graph computes.

**Reference.** Against pools that double from 1 MB, the peak of one segment falls from 512 to 384 MB
(measured on the network of `ears`, one thread).
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import onnxruntime

__all__ = ["opened", "processors"]

POOL_BYTES = 128 << 20
MOST_THREADS = 8
_DOUBLING = 0  # how the pool grows, by number


def opened(model: bytes | Path, threads: int) -> onnxruntime.InferenceSession:
    """The graph as a session of so many threads."""
    _pooled()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.use_env_allocators", "1")
    source = str(model) if isinstance(model, Path) else model
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def processors() -> int:
    """How many this process may use, and no more than are of use."""
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), MOST_THREADS)
    return min(os.cpu_count() or 1, MOST_THREADS)


@cache
def _pooled() -> None:
    """The one pool of this process, for sessions that ask for it."""
    where = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    grown = {"arena_extend_strategy": _DOUBLING, "initial_chunk_size_bytes": POOL_BYTES}
    onnxruntime.create_and_register_allocator(where, onnxruntime.OrtArenaCfg(grown))
