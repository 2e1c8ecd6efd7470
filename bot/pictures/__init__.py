"""Boards and results as pictures: PNG files for whoever shows pictures, with their alt texts."""

from bot.pictures.boards import lay_out, render
from bot.pictures.cards import Standing, card_alt_text, lay_out_card, render_card, standings

__all__ = [
    "Standing",
    "card_alt_text",
    "lay_out",
    "lay_out_card",
    "render",
    "render_card",
    "standings",
]
