"""The public surface: `__all__` of every package is sorted, complete and importable."""

import importlib
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "valentin"
MODULES = sorted(
    ".".join(p.relative_to(SRC.parent).with_suffix("").parts).removesuffix(".__init__")
    for p in SRC.rglob("*.py")
    if p.name not in {"__main__.py"} and "learning" not in p.parts
)


@pytest.mark.parametrize("name", MODULES)
def test_every_public_name_is_there(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} has no docstring"
    for public in getattr(module, "__all__", ()):
        assert hasattr(module, public), f"{name}.__all__ names {public}, which is not there"


@pytest.mark.parametrize(
    "name", [m for m in MODULES if (SRC.parent / m.replace(".", "/")).is_dir()]
)
def test_every_package_says_what_it_exports(name: str) -> None:
    module = importlib.import_module(name)
    assert getattr(module, "__all__", None), f"{name} exports nothing"


def test_no_public_object_is_undocumented() -> None:
    silent = []
    for name in MODULES:
        module = importlib.import_module(name)
        for public in getattr(module, "__all__", ()):
            thing = getattr(module, public)
            if callable(thing) and getattr(thing, "__module__", "") == name and not thing.__doc__:
                silent.append(f"{name}.{public}")
    assert not silent
