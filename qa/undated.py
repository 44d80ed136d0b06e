"""What is said of documents without a date where a question asks as of a day: they are left out, and counted."""


def undated_note(count: int, language: str) -> str:
    """Returns how many documents were left out; any language but "fr" is told in English."""
    several = count > 1
    if language == "fr":
        number = f"{count:,}".replace(",", "\u202f")
        return f"{number} {'documents sans date laissés' if several else 'document sans date laissé'} de côté."
    return f"{count:,} {'documents without a date were' if several else 'document without a date was'} left out."
