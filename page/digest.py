"""Whether an answer is still the one that was shown: the page sends the digest of what it shows along.

It stands in the answer's HTML and comes back behind an answer's address, as `shown`.
"""

import json
from hashlib import sha256
from urllib.parse import parse_qs

from qa.types import Answer

_LENGTH = 12  # characters


def quotes_digest(answer: Answer) -> str:
    """Returns a digest of the answer's quotes and their documents, in order; of a refusal, that of none."""
    quotes = [(each.passage.info.id, each.quote) for each in answer.citations]
    return sha256(json.dumps(quotes).encode("ascii")).hexdigest()[:_LENGTH]


def differs(address: str, answer: Answer) -> bool:
    """Is this not the answer that was shown at the address? False where the address does not tell what was shown."""
    shown = parse_qs(address).get("shown")
    return bool(shown) and shown != [quotes_digest(answer)]
