"""The documents' screens are what mtchat shows now (masked: times, versions, folders)."""

import pytest

from tests.repl.captures import DOCUMENTS, SCENES, capture, masked, screens

SHOWN = {name: text for document in DOCUMENTS for name, text in screens(document).items()}


def test_every_screen_has_a_scene_and_every_scene_is_shown() -> None:
    assert sorted(SHOWN) == sorted(SCENES)


@pytest.mark.parametrize("name", SCENES)
def test_a_screen_is_what_mtchat_shows(name: str) -> None:
    assert masked(capture(name)) == masked(SHOWN[name]), "python -m tests.repl.captures writes them again"


def test_a_screen_that_is_in_two_documents_is_the_same_in_both() -> None:
    for document in DOCUMENTS:
        for name, text in screens(document).items():
            assert text == SHOWN[name]
