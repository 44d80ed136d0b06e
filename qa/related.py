"""Topics that the documents speak of, near to a question: headings of its passages, each tried as a question."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from documents.types import Passage
from qa.pipeline import Pipeline
from qa.types import Answer, Hit, Question

_OFFERED = 3
_TRIED = 5
_LONGEST = 140  # characters of a topic


def related(answer: Answer, pipeline: Pipeline, before_each: Callable[[], None] = lambda: None) -> Iterator[Question]:
    """Yields up to three headings near the answer's passages, as questions that are answered, not refused.

    Sections that were quoted are left out: what they say has been shown. `before_each` is called before one is tried,
    which takes as long as an answer.
    """
    cited = {_topic(each.passage) for each in answer.citations}
    found = 0
    for topic in islice(_topics(answer.hits, cited), _TRIED):
        question = replace(answer.question, text=topic, history=())
        before_each()
        if not pipeline.answer(question).refused:
            yield question
            found += 1
        if found == _OFFERED:
            break


def _topics(hits: Sequence[Hit], cited: set[str]) -> Iterator[str]:
    seen = set(cited)
    for hit in hits:
        topic = _topic(hit.passage)
        if topic not in seen and 3 < len(topic) <= _LONGEST:
            seen.add(topic)
            yield topic


def _topic(passage: Passage) -> str:
    """The document's title with the innermost heading: a heading alone, such as "Canada", says too little."""
    heading = passage.headings[-1] if passage.headings else ""
    title = passage.info.title or passage.info.id
    return title if heading in ("", title) else f"{title}: {heading}"
