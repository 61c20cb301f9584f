"""A text in the languages that members read."""

from typing import Literal, NamedTuple

Language = Literal["en", "id"]


class Words(NamedTuple):
    """The same in English and Indonesian."""

    en: str
    id: str

    def in_language(self, language: Language) -> str:
        """The text in a language."""
        return self.id if language == "id" else self.en
