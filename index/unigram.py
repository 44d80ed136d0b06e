"""The tokenizer of multilingual-e5-small, built anew from its vocabulary: SentencePiece's unigram model.

Characters are replaced one by one (a line break by a space, a ligature by its letters), spaces in a row become one, and
each word with the space before it is cut into the likeliest pieces.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.packed import Pieces
from index.types import Span

_MARKS = frozenset(("<s>", "</s>", "<pad>", "<unk>", "<mask>"))


@dataclass(frozen=True, slots=True)
class Tokens:
    """The ids of a text's tokens without marks, and the span of each in the text, less a space at its beginning.

    A token of nothing but what is left out of the text has the span (-1, 0).
    """

    ids: list[int]
    spans: list[Span]


class UnigramTokenizer:
    def __init__(self, pieces: Pieces) -> None:
        from tokenizers import Regex, Tokenizer
        from tokenizers.models import Unigram
        from tokenizers.normalizers import Replace, Sequence, Strip
        from tokenizers.pre_tokenizers import Metaspace

        # subtle: a mark such as "</s>" would be found in a text that speaks of it. No piece of a text holds a space.
        texts = [f"{text} " if text in _MARKS else text for text in pieces.texts]
        model: Any = Unigram(list(zip(texts, pieces.scores, strict=True)), pieces.unknown)
        self._tokenizer = Tokenizer(model)
        self._tokenizer.normalizer = Sequence([Strip(left=False, right=True), Replace(Regex(" {2,}"), " ")])
        self._tokenizer.pre_tokenizer = Metaspace()
        self._replaced = pieces.replaced
        self.start, self.end, self.padding = pieces.start, pieces.end, pieces.padding

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Returns the number of tokens of each text."""
        return [len(each.ids) for each in self._tokenizer.encode_batch([self._plain(text) for text in texts])]

    def encode(self, texts: Sequence[str]) -> list[Tokens]:
        """Returns the tokens of each text."""
        found = self._tokenizer.encode_batch([self._plain(text) for text in texts])
        return [self._tokens(text, each) for text, each in zip(texts, found, strict=True)]

    def _plain(self, text: str) -> str:
        return text.translate(self._replaced)

    def _tokens(self, text: str, encoded: Any) -> Tokens:
        plain = self._plain(text)
        origin = [place for place, letter in enumerate(text) for _ in self._replaced.get(ord(letter), letter)]
        spans = []
        for start, end in encoded.offsets:
            begin = start + len(plain[start:end]) - len(plain[start:end].lstrip(" "))
            spans.append((origin[min(begin, end - 1)], origin[end - 1] + 1) if end else (-1, 0))
        return Tokens(encoded.ids, spans)
