"""What earlier questions add to a follow-up: each is searched for too, weighing less the longer ago it was asked.

A question that names its own topic is answered by itself: one of several words of which none points back. Any other
("and in 2024?", "what does it cost?") is carried by what was asked before, which weighs less than its own words.
"""

import re

from index.words import question_words
from qa.types import Question, Turn

# Measured on the dialogues of the evaluation sets, gold document in the top 5: the last question alone 0.70 on
# doc2dial_gov and 0.83 on mtrag_chat; all questions joined to one text 0.98 and 0.54; these weights 0.92 and 0.84.
_FIRST_WEIGHT = 0.5
_DECAY = 0.6
TURNS = 4  # earlier questions that count
_READ = 2  # earlier questions
_OWN_WORDS = 4  # that say something: with so many a question can name its topic
_POINTS_BACK = re.compile(
    r"^\W*(?:and|but|so|or|really|what about|how about|et|mais|ou|pourquoi)\b|"
    r"\b(?:it|its|they|them|their|theirs|that|those|these|this|he|him|his|she|her|hers|there|then|same|such|ones?|"
    r"others?|else|instead|also|too|il|ils|elles?|cela|ça|(?<!est-)ce|cette|celles?|celui|ceux|leurs?|y|autres?|aussi|même)\b",
    re.IGNORECASE,
)


def names_its_topic(text: str) -> bool:
    """Returns whether a question can be understood without those before it."""
    return not _POINTS_BACK.search(text) and len(question_words(text)) >= _OWN_WORDS


def weighted_questions(question: Question) -> list[tuple[str, float]]:
    """Returns the question with weight 1, then the earlier ones that it leans on, newest first, with theirs."""
    if names_its_topic(question.text):
        return [(question.text, 1.0)]
    asked = [turn.text for turn in question.history if turn.role == "user" and turn.text.strip()]
    earlier = [(text, _FIRST_WEIGHT * _DECAY**ago) for ago, text in enumerate(asked[::-1][:TURNS])]
    return [(question.text, 1.0), *earlier]


def standalone(question: Question) -> str:
    """Returns what is searched for as one text to read: the earlier questions, oldest first, then the question."""
    return " ".join(text for text, _ in reversed(weighted_questions(question)))


def read_together(question: Question) -> str:
    """Returns what the cross-encoder reads: the question, then the two before it, newest first, as it learnt to."""
    earlier = [text for text, _ in weighted_questions(question)[1 : _READ + 1]]
    return f"{question.text} (after: {'; '.join(earlier)})" if earlier else question.text


def turn_of(item: object) -> Turn | None:
    """Returns a turn from one entry of a history: a string is an earlier question. None when it is neither."""
    if isinstance(item, str):
        return Turn("user", item)
    if isinstance(item, dict) and isinstance(item.get("text"), str):
        return Turn("user" if item.get("role", "user") == "user" else "agent", item["text"])
    return None
