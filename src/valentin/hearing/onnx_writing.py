"""A graph of tensor operations → the bytes of an ONNX model.

In: nodes, constants, named inputs and outputs, one by one. Out: a model that onnxruntime loads.

**Conventions.** Values are named by strings; every method that adds a node returns the name of its
output. Constants are float32 or int64 and written raw, little-endian. Only the fields that are
needed of the format are written.

**Knows nothing of** what the graph computes.

**Reference.** `onnx.proto3` of ONNX (IR version 10, operator set 20); Protocol Buffers encoding:
a field is a varint tag `number << 3 | wire type`, then a varint (0) or a length and bytes (2).
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["Graph"]

IR_VERSION = 10
OPERATOR_SET = 20
"""The first with Gelu."""
RUNTIME, RUNTIME_SET = "com.microsoft", 1
"""The operators that onnxruntime adds."""

Attribute = int | float | Sequence[int]

_FLOAT, _INT64 = 1, 7  # TensorProto.DataType
_ATTR_FLOAT, _ATTR_INT, _ATTR_INTS = 1, 2, 7  # AttributeProto.AttributeType


class Graph:
    """Collects nodes and constants in the order in which they are added."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []
        self._names = (f"v{k}" for k in itertools.count())

    def input(self, name: str, shape: Sequence[int | str], dtype: str = "float32") -> str:
        """A value given from outside; a size that varies is a word."""
        self._inputs.append(_value(name, shape, dtype))
        return name

    def output(self, value: str, name: str, shape: Sequence[int | str]) -> None:
        """Gives a float32 value out under a name."""
        self._nodes.append(_node("Identity", [value], name, {}))
        self._outputs.append(_value(name, shape, "float32"))

    def constant(self, array: npt.ArrayLike) -> str:
        """An array of the model's own."""
        name = next(self._names)
        self._constants.append(_tensor(name, np.asarray(array)))
        return name

    def add(self, operator: str, *inputs: str, **attributes: Attribute) -> str:
        """A node with one output."""
        name = next(self._names)
        self._nodes.append(_node(operator, inputs, name, attributes))
        return name

    def add_runtime(self, operator: str, *inputs: str, **attributes: Attribute) -> str:
        """The same with an operator of onnxruntime's own."""
        name = next(self._names)
        node = _node(operator, inputs, name, attributes) + _field(7, RUNTIME.encode())
        self._nodes.append(node)
        return name

    def model(self) -> bytes:
        """The whole as ModelProto."""
        graph = b"".join(_field(1, node) for node in self._nodes)
        graph += _field(2, b"valentin")
        graph += b"".join(_field(5, tensor) for tensor in self._constants)
        graph += b"".join(_field(11, value) for value in self._inputs)
        graph += b"".join(_field(12, value) for value in self._outputs)
        standard = _field(1, b"") + _number(2, OPERATOR_SET)
        extra = _field(1, RUNTIME.encode()) + _number(2, RUNTIME_SET)
        return (
            _number(1, IR_VERSION) + _field(2, b"valentin") + _field(7, graph)
            + _field(8, standard) + _field(8, extra)
        )  # fmt: skip


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1  # negative numbers take ten bytes
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _node(
    operator: str, inputs: Sequence[str], output: str, attributes: dict[str, Attribute]
) -> bytes:
    """NodeProto."""
    parts = [_field(1, name.encode()) for name in inputs]
    parts += [_field(2, output.encode()), _field(4, operator.encode())]
    parts += [_field(5, _attribute(name, value)) for name, value in attributes.items()]
    return b"".join(parts)


def _attribute(name: str, value: Attribute) -> bytes:
    """AttributeProto."""
    head = _field(1, name.encode())
    if isinstance(value, float):
        return head + _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, _ATTR_FLOAT)
    if isinstance(value, int):
        return head + _number(3, value) + _number(20, _ATTR_INT)
    return head + b"".join(_number(8, n) for n in value) + _number(20, _ATTR_INTS)


def _tensor(name: str, array: npt.NDArray[np.generic]) -> bytes:
    """TensorProto."""
    kind, dtype = (_INT64, "<i8") if array.dtype.kind == "i" else (_FLOAT, "<f4")
    head = b"".join(_number(1, size) for size in array.shape)
    raw = np.ascontiguousarray(array, dtype=dtype).tobytes()
    return head + _number(2, kind) + _field(8, name.encode()) + _field(9, raw)


def _value(name: str, shape: Sequence[int | str], dtype: str) -> bytes:
    """ValueInfoProto of a tensor."""
    sizes = b"".join(
        _field(1, _field(2, n.encode()) if isinstance(n, str) else _number(1, n)) for n in shape
    )
    kind = _INT64 if dtype == "int64" else _FLOAT
    tensor = _number(1, kind) + _field(2, sizes)
    return _field(1, name.encode()) + _field(2, _field(1, tensor))
