"""Files of questions: answered row by row, kept as they are answered, and written in the format asked for."""

from qa.batch.answer_file import AnswerFile
from qa.batch.journal import AnotherRun
from qa.batch.objects import answer_object, citation_object, figure_object, passage_object
from qa.batch.report import Report
from qa.batch.rows import answer_row
from qa.batch.run import DEFAULT_LINK_BASE, BatchSettings, run_batch
from qa.batch.survey import Survey, survey
from qa.batch.workers import Answering
from qa.batch.write import OUTPUTS, write_again

__all__ = [
    "DEFAULT_LINK_BASE",
    "OUTPUTS",
    "AnotherRun",
    "AnswerFile",
    "Answering",
    "BatchSettings",
    "Report",
    "Survey",
    "answer_object",
    "answer_row",
    "citation_object",
    "figure_object",
    "passage_object",
    "run_batch",
    "survey",
    "write_again",
]
