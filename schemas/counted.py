"""Numbers with their words, as a person reads them."""


def counted(number: int, word: str, words: str = "") -> str:
    """`1 claim`, `2,000 claims`; `words` is the plural of one that takes no s."""
    return f"{number:,} {word if number == 1 else words or word + 's'}"
