"""A terminal that speaks another language: by an option of `play`, or by the setting."""

import pytest


def test_play_speaks_the_language_of_its_option(parlour):
    played = parlour(
        "play", "tic-tac-toe", "--language", "de", "--seat", "Ann=me", stdin="b2\n" + "/quit\n"
    )
    assert "Tic-Tac-Toe auf einem Feld" in played.stdout
    assert "Ann ist ein Mensch." in played.stdout
    assert "Welches Feld nimmst du?" in played.stdout
    assert "Ann setzt auf b2." in played.stdout
    assert "Die Partie bleibt erhalten. Weiter geht es mit: python bot.py" in played.stdout


def test_the_setting_holds_where_no_option_is_given(parlour, monkeypatch):
    monkeypatch.setenv("PARLOUR_LANGUAGE", "de")
    played = parlour(
        "play", "rock-paper-scissors", "--seat", "Ann=me", stdin="quatsch\nStein\n/me\n/quit\n"
    )
    assert "1) Stein  2) Papier  3) Schere" in played.stdout
    assert "Nenne genau eines von Stein, Papier und Schere." in played.stdout
    assert "(nur du) Du zeigst Stein." in played.stdout


@pytest.mark.parametrize("code", ["tlh", "../de", "DE de"])
def test_a_language_that_is_not_there_is_refused_before_anything_begins(parlour, code):
    played = parlour("play", "tic-tac-toe", "--language", code, "--seat", "Ann=me")
    assert played.returncode == 2
    assert "There is no language" in played.stderr
    assert "there are en and de." in played.stderr
    assert "Traceback" not in played.stderr
