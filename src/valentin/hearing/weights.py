"""The weights of the transcription network, read from the package `transkun` without torch.

In: nothing but the installed package. Out: the arrays of its checkpoint by name.

**Conventions.** The checkpoint is a zip of one pickle and raw little-endian float32 storages. Its
SHA-256 is pinned; a file that is not that file is refused before anything in it is looked at. The
pickle may name three things (an ordered dictionary, a float storage, a tensor put together from
it); any other name is refused, so that reading weights never runs code.

**Knows nothing of** what the arrays mean.

**Reference.** The network is Transkun V2: Yujia Yan and Zhiyao Duan, "Scoring time intervals using
non-hierarchical transformer for automatic piano transcription", ISMIR 2024; package `transkun`
2.0.1, copyright 2021 Yujia Yan, MIT licence. The package stays as it came; none of its code runs.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from valentin.errors import MissingError, ReadError

__all__ = ["INSTALL", "SHA256", "Weights", "checkpoint", "read_weights", "unpickled"]

Weights = Mapping[str, npt.NDArray[np.float32]]

SHA256 = "50a80010effc2a59ffcd068a95cd2b29bd7f23a27a3515bc3ccd209c89a3d44c"
"""Of `transkun/pretrained/2.0.pt` in transkun 2.0.1 on PyPI."""

INSTALL = "pip install --no-deps transkun==2.0.1"
"""Without its dependencies: torch and the rest (2 GB) are not used."""


def checkpoint() -> Path:
    """Where the weights are. Raises MissingError where the package is not installed."""
    spec = find_spec("transkun")
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        path = Path(place) / "pretrained" / "2.0.pt"
        if path.is_file():
            return path
    raise MissingError(
        "Hearing a recording: the weights of the ears are not installed; "
        f"install them with `{INSTALL}`.",
        command=INSTALL,
    )


def read_weights(path: Path) -> Weights:
    """All arrays of the pinned checkpoint. Raises ReadError where it is another file."""
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise ReadError(
            f"Reading the weights of the ears: `{path}` is not the file that was checked; "
            f"install it anew with `{INSTALL}`.",
            path=str(path),
        )
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        root = archive.namelist()[0].split("/")[0]
        state = unpickled(
            archive.read(f"{root}/data.pkl"), lambda key: archive.read(f"{root}/data/{key}")
        )
    weights: Weights = state["state_dict"]
    return weights


def unpickled(data: bytes, storage: Callable[[str], bytes]) -> Any:
    """What a checkpoint's pickle says, its storages taken from `storage(key)`.

    Raises pickle.UnpicklingError where it names anything but tensors and dictionaries.
    """
    return _Tensors(data, storage).load()


class _Tensors(pickle.Unpickler):
    """Knows three names and float storages."""

    def __init__(self, data: bytes, storage: Callable[[str], bytes]) -> None:
        super().__init__(io.BytesIO(data))
        self._storage = storage

    def find_class(self, module: str, name: str) -> Any:
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch", "FloatStorage"): np.dtype("<f4"),
            ("torch._utils", "_rebuild_tensor_v2"): _tensor,
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"weights may not name {module}.{name}")
        return known[module, name]

    def persistent_load(self, pid: Any) -> npt.NDArray[np.float32]:
        kind, dtype, key, _, count = pid
        if kind != "storage":
            raise pickle.UnpicklingError(f"weights may not hold a {kind}")
        return np.frombuffer(self._storage(str(key)), dtype=dtype, count=int(count))


def _tensor(
    storage: npt.NDArray[np.float32], offset: int, shape: tuple[int, ...],
    strides: tuple[int, ...], *_: Any,
) -> npt.NDArray[np.float32]:  # fmt: skip
    """The array of this shape that begins at `offset` in its storage; strides in elements."""
    if offset < 0 or any(n < 0 for n in (*shape, *strides)):
        raise pickle.UnpicklingError("a tensor lies outside its storage")
    last = offset + sum((n - 1) * s for n, s in zip(shape, strides, strict=True))
    if 0 not in shape and last >= len(storage):
        raise pickle.UnpicklingError("a tensor lies outside its storage")
    view = np.lib.stride_tricks.as_strided(
        storage[offset:], shape, [s * storage.itemsize for s in strides]
    )
    return np.ascontiguousarray(view)
