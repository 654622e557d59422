"""The house keeps its table: rooms know `music`, and only `pianist` joins rooms."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "valentin"
WORDS = {"music", "errors", "files", "catalogue"}
ROOMS = {
    "reading", "studying", "shaping", "performing", "sounding", "hearing", "aligning",
    "following", "accompanying", "judging", "comparing", "teaching", "guiding", "showing",
    "practising",
}  # fmt: skip
FOREIGN = {
    "reading": {"verovio", "mido", "numpy"},
    "sounding": {"numpy", "scipy", "numba", "soundfile", "platformdirs"},
    "showing": {"verovio", "numpy"},
    "hearing": {"numpy", "scipy", "numba", "onnxruntime", "soundfile", "av", "platformdirs"},
    "shaping": {"numpy", "onnxruntime"},
    "aligning": {"numpy", "numba"},
    "performing": {"numpy"},
    "studying": {"numpy"},
    "judging": {"numpy"},
    "teaching": set(),
    "guiding": {"numpy"},
    "comparing": set(),
    "duo": set(),
    "telling": set(),
    "recital": set(),
    "concerto": set(),
    "practising": set(),
    "music": {"numpy"},
    "following": {"numpy", "numba"},
    "accompanying": {"numpy"},
    "keeping": {"sqlalchemy", "platformdirs"},
    "pianist": {"numpy"},
    "repertoire": set(),
    "serving": {"starlette", "uvicorn"},
    "cli": {"rich", "numpy"},
    "errors": set(),
    "files": set(),
    "catalogue": set(),
    "__init__": set(),
    "__main__": set(),
}
MAY_KNOW = dict.fromkeys(ROOMS, WORDS) | {
    "music": {"errors"},
    "errors": set(),
    "files": {"errors"},
    "catalogue": set(),
    "__init__": set(),
    "__main__": {"cli"},
    "keeping": WORDS,
    "repertoire": {"errors"},
    "pianist": WORDS | ROOMS | {"repertoire", "keeping"},
    "recital": WORDS | {"pianist", "guiding", "showing", "sounding", "studying"},
    "duo": WORDS
    | {"pianist", "comparing", "judging", "performing", "shaping", "showing", "studying"},
    "telling": WORDS | {"pianist", "hearing", "shaping", "showing", "sounding", "studying"},
    "concerto": WORDS | {"pianist", "accompanying", "following", "performing", "shaping"},
    "serving": WORDS | {"pianist", "concerto", "recital", "telling", "keeping"},
    "cli": WORDS
    | {"pianist", "recital", "concerto", "duo", "telling", "keeping", "serving", "__init__"},
}
STDLIB = set(__import__("sys").stdlib_module_names)


def place_of(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports inside valentin are written in full"
            joined = {f"{node.module}.{a.name}" for a in node.names}
            names |= joined if node.module == "valentin" else {node.module or ""}
    return names


@pytest.mark.parametrize(
    "path", [p for p in sorted(SRC.rglob("*.py")) if place_of(p) != "learning"], ids=str
)
def test_a_room_knows_only_what_the_table_allows(path: Path) -> None:
    room = place_of(path)
    for name in imports(path):
        top, *rest = name.split(".")
        if top == "valentin":
            other = rest[0] if rest and rest[0] != "__version__" else "__init__"
            assert other == room or other in MAY_KNOW[room], f"{room} may not know {other}"
        elif top not in STDLIB:
            assert top in FOREIGN[room], f"{room} may not know {top}"
    assert not (imports(path) & {"valentin.learning"})
