"""The very same file is dropped while staff give it: it is kept once more."""

from dataclasses import replace
from typing import Any

import pytest

from console.api import uploads as door
from console.door import House
from console.kept_files import place_of
from console.settings import read_settings
from storage.models.uploads import Upload
from tests.console.conftest import SignIn
from tests.console.test_uploads import PDF, a_picture, give, rows_of


@pytest.fixture
def house(house: House) -> House:
    """A house that LINE reaches: the simulator stands beside it."""
    more = {"MADOGUCHI_LINE_API_URL": "http://127.0.0.1:9000"}
    folder = {"MADOGUCHI_DATA_DIR": str(house.settings.data_dir)}
    return replace(house, settings=read_settings({**folder, **more}))


@pytest.mark.parametrize("name", ["見本.jpg", "見本.pdf"])
def test_a_file_that_is_dropped_while_it_is_given_is_kept_once_more(
    house: House, sign_in: SignIn, talk: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    keep, rounds = door.keep_given, []

    def dropped_at_first(*given: Any) -> Any:
        kept = keep(*given)
        rounds.append(kept)
        if len(rounds) == 1:
            place_of(house, kept.sha256).unlink()
        return kept

    monkeypatch.setattr(door, "keep_given", dropped_at_first)

    given = give(sign_in(), talk, PDF if name.endswith("pdf") else a_picture(), name)

    assert given.status_code == 201
    (upload,) = rows_of(house, Upload)
    assert place_of(house, upload.sha256).is_file()
    assert len(rounds) == 2
