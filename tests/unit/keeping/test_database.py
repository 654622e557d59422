"""The database: brought up to date with a way back, never half changed, open to several at once."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, inspect, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from valentin.errors import DeviceError
from valentin.keeping import Keeper
from valentin.keeping.database import Database
from valentin.keeping.opening import own_scores
from valentin.keeping.tables import META, STEPS, takes, versions


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def first(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE songs (name TEXT)"))


def second(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE songs ADD COLUMN length_s FLOAT"))


def failing(connection: Connection) -> None:
    second(connection)
    raise RuntimeError("power cut")


def versions_in(path: Path) -> list[int]:
    with sqlite3.connect(path) as connection:
        return [row[0] for row in connection.execute("SELECT version FROM versions")]


def test_it_is_written_ahead_and_to_the_disk(tmp_path: Path) -> None:
    database = Database(url_of(tmp_path / "a.db"))
    with database.reading() as connection:
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
    assert modes == ["wal", 2, 1, 1]


def test_an_older_database_is_upgraded_and_its_copy_is_the_older_one(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    old = Database(url_of(path), (first,))
    with old.writing() as connection:
        connection.execute(text("INSERT INTO songs VALUES ('Abendlied')"))
    new = Database(url_of(path), (first, second))
    with new.reading() as connection:
        assert connection.execute(text("SELECT name, length_s FROM songs")).all() == [
            ("Abendlied", None)
        ]
    copy = tmp_path / "a-before-version-2.db"
    assert (versions_in(path), versions_in(copy)) == ([1, 2], [1])
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT * FROM songs").fetchall() == [("Abendlied",)]


def test_an_upgrade_that_breaks_off_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Database(url_of(path), (first,))
    with pytest.raises(RuntimeError, match="power cut"):
        Database(url_of(path), (first, failing))
    assert versions_in(path) == [1]
    Database(url_of(path), (first, second))
    assert versions_in(path) == [1, 2]


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    newer = Database(url_of(path))
    with newer.writing() as connection:
        connection.execute(insert(versions).values(version=99, since_s=0.0))
    with pytest.raises(DeviceError, match="has version 99, and this valentin knows"):
        Database(url_of(path))


def test_what_a_block_that_fails_wrote_is_not_there(tmp_path: Path) -> None:
    database = Database(url_of(tmp_path / "a.db"), (first,))

    def break_off() -> None:
        with database.writing() as connection:
            connection.execute(text("INSERT INTO songs VALUES ('half')"))
            raise KeyError("half")

    with pytest.raises(KeyError, match="half"):
        break_off()
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM songs")).scalar() == 0


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    database = Database(url_of(tmp_path / "a.db"), (first,))
    with database.writing() as writing, database.reading() as reading:
        writing.execute(text("INSERT INTO songs VALUES ('new')"))
        assert reading.execute(text("SELECT count(*) FROM songs")).scalar() == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"not a database, but long enough to be taken for one" * 30, "file is not a database")],
)
def test_what_is_no_database_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(content)
    with pytest.raises(DeviceError, match=words):
        Database(url_of(path))
    assert path.read_bytes() == content


@pytest.mark.parametrize("url", ["nonsense", "kazoo://x"])
def test_what_is_no_url_is_told(url: str) -> None:
    with pytest.raises(DeviceError, match="VALENTIN_DATABASE is no URL"):
        Database(url)


def test_nothing_kept_is_an_empty_shelf_and_makes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VALENTIN_HOME", str(tmp_path / "home"))
    assert own_scores() == ()
    assert not (tmp_path / "home").exists()


def test_every_table_can_be_made_by_postgresql() -> None:
    made = [str(CreateTable(t).compile(dialect=postgresql.dialect())) for t in META.sorted_tables]
    assert all(statement.strip().startswith("CREATE TABLE") for statement in made)


def test_version_2_becomes_3_with_what_was_in_it_and_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "valentin.db"
    old = Database(url_of(path), STEPS[:2])
    row = {"id": "t1", "piece": "song", "source": "file", "file": "a.mid", "suffix": ".mid"}
    with old.writing() as connection:
        connection.execute(insert(takes).values(started_s=1.0, duration_s=2.0, notes=3, **row))
        assert not inspect(connection).has_table("cards")
    old.close()
    keeper = Keeper(tmp_path)
    assert [take.id for take in keeper.takes.list()] == ["t1"]
    assert (keeper.shared.list("song"), keeper.cards.moved("song")) == ((), ())
    assert versions_in(tmp_path / "valentin-before-version-3.db") == [1, 2]


def test_all_steps_lead_to_the_tables_there_are(tmp_path: Path) -> None:
    database = Database(url_of(tmp_path / "a.db"))
    with database.reading() as connection:
        for table in META.sorted_tables:
            connection.execute(select(table))
    assert versions_in(tmp_path / "a.db") == list(range(1, len(STEPS) + 1))
