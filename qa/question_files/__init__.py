"""Question files of every kind, read row by row."""

from qa.question_files.columns import ROLES
from qa.question_files.csv import NoQuestionColumn
from qa.question_files.read import SUFFIXES, QuestionFile, read_questions
from qa.question_files.row import Row

__all__ = ["ROLES", "SUFFIXES", "NoQuestionColumn", "QuestionFile", "Row", "read_questions"]
