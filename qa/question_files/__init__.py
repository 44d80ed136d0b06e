"""Question files of every kind, read row by row."""

from qa.question_files.read import SUFFIXES, QuestionFile, read_questions
from qa.question_files.row import Row

__all__ = ["SUFFIXES", "QuestionFile", "Row", "read_questions"]
