"""Pages made to send on, and the cards that come back: kept, counted by listener, leaving whole."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from valentin.errors import ReadError
from valentin.keeping import Keeper, export, forget
from valentin.music import KeptMoment, MomentCard

ABOUT = {
    "page": "0f3a", "piece": "song", "take": "", "title": "Song", "by": "", "language": "de",
    "hall": "recital", "length_s": 61.5,
}  # fmt: skip
ALL = {1: "song"}


def card(*times_s: float, page: str = "0f3a", piece: int = 1) -> MomentCard:
    return MomentCard(page, ("Song",), tuple(KeptMoment(piece, t, str(int(t))) for t in times_s))


def test_a_page_is_kept_listed_and_removed_but_still_known(keeper: Keeper) -> None:
    made = keeper.shared.add("<p>Gruß</p>", ABOUT)
    assert made.path.read_text(encoding="utf-8") == "<p>Gruß</p>"
    assert (made.bytes, made.language, made.length_s) == (12, "de", 61.5)
    assert keeper.shared.list("song") == (made,)
    assert keeper.shared.list("another") == ()
    keeper.shared.remove(made.id)
    assert not made.path.exists()
    assert keeper.shared.list("song") == ()
    assert keeper.shared.piece_of("0f3a") == "song"
    assert keeper.shared.piece_of("beef") == ""
    with pytest.raises(ReadError, match="it is not there"):
        keeper.shared.get(made.id)


def test_listeners_are_counted_by_their_cards(keeper: Keeper) -> None:
    first = keeper.cards.add(card(10.5, 20.25), ALL)
    again = keeper.cards.add(card(20.25), ALL)
    other = keeper.cards.add(card(10.5, 33.0), ALL)
    assert (first.new, again.new, other.new) == (True, False, True)
    assert again.id == first.id
    moved = keeper.cards.moved("song")
    assert [m.time_s for m in moved] == [10.5, 10.5, 20.25, 33.0]
    assert len({m.listener for m in moved}) == 2


def test_a_fuller_card_takes_the_place_of_the_one_it_holds(keeper: Keeper) -> None:
    first = keeper.cards.add(card(10.5), ALL)
    fuller = keeper.cards.add(card(10.5, 20.25), ALL)
    elsewhere = keeper.cards.add(card(10.5, page="beef"), ALL)
    assert fuller.id == first.id
    assert elsewhere.id != first.id
    assert len(keeper.cards.moved("song")) == 3


def test_a_card_that_is_put_away_comes_back(keeper: Keeper) -> None:
    name = keeper.cards.add(card(10.5), ALL).id
    keeper.cards.remove(name)
    assert keeper.cards.moved("song") == ()
    keeper.cards.restore(name)
    assert len(keeper.cards.moved("song")) == 1
    with pytest.raises(ReadError, match="it is not there"):
        keeper.cards.remove("nobody")


def test_which_piece_a_number_was_is_remembered(keeper: Keeper) -> None:
    both = MomentCard("0f3a", (), (*card(1.5).moments, *card(2.5, piece=2).moments))
    listener = keeper.cards.add(both, {1: "song", 2: "dance"})
    assert listener.pieces == ("song", "dance")
    assert keeper.cards.pieces_of("0f3a") == {1: "song", 2: "dance"}
    assert [m.time_s for m in keeper.cards.moved("dance")] == [2.5]


def test_pages_and_cards_leave_with_everything_and_are_deleted(
    keeper: Keeper, tmp_path: Path
) -> None:
    made = keeper.shared.add("<p>page</p>", ABOUT)
    keeper.cards.add(card(10.5), ALL)
    export(keeper.database, keeper.home, tmp_path / "all.zip", tmp_path / "nothing")
    with zipfile.ZipFile(tmp_path / "all.zip") as whole:
        assert whole.read(f"shared/{made.id}.html") == b"<p>page</p>"
        kept = json.loads(whole.read("kept.json"))
    assert [row["bar"] for row in kept["moments"]] == ["10"]
    assert [row["page"] for row in kept["shared"]] == ["0f3a"]
    deleted = forget(keeper.database, keeper.home)
    assert (deleted.shared, deleted.cards) == (1, 1)
    assert (keeper.cards.moved("song"), keeper.shared.piece_of("0f3a")) == ((), "")
    assert not made.path.exists()


def test_the_own_score_of_a_name_is_found_without_the_others(
    keeper: Keeper, score_file, read
) -> None:  # type: ignore[no-untyped-def]
    keeper.shelf.add(score_file("a.krn", "Étude"), read)
    found = keeper.shelf.named("etude")
    assert found is not None
    assert found.title == "Étude"
    assert keeper.shelf.named("etud") is None
    keeper.shelf.remove("etude")
    assert keeper.shelf.named("etude") is None
