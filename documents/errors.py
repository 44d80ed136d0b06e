"""Errors that the user can fix. The message is shown alone; anything else is a bug and keeps its traceback.

UserError
+-- ReadError        a file cannot be read; the rest of its folder can
|   +-- UnknownFormat
+-- IndexMissing     there is no index where one was expected
+-- IndexMismatch    the index was made with another model or by another version
+-- StoreUnreachable the server of an index does not answer, or its file is held by another process
+-- TransferError    an exported index cannot be written, or cannot be imported
+-- BadQuestion      a question, or a row of a question file, cannot be used
+-- BadSetting       a value out of its bounds
+-- ModelError       the embedding model is missing, damaged or not what it should be
"""


class UserError(Exception):
    """Says what is wrong, with the value, then what to do; `french` says it for readers of the French page."""

    def __init__(self, message: str = "", *, french: str = "") -> None:
        super().__init__(message)
        self.french = french


def told(error: UserError, language: str) -> str:
    """Returns what an error says in "en" or "fr"; in English where it has no French."""
    return error.french if language == "fr" and error.french else str(error)


class ReadError(UserError):
    """One file cannot be read."""


class UnknownFormat(ReadError):
    """No reader is known for the file's suffix."""


class IndexMissing(UserError):
    """There is no index at the place named."""


class IndexMismatch(UserError):
    """The index cannot be used with the present model or version."""


class StoreUnreachable(UserError):
    """The server of an index does not answer, refuses, or another process holds its file."""


class TransferError(UserError):
    """An exported index cannot be written, or what is to be imported is not one, or may not go there."""


class BadQuestion(UserError):
    """A question cannot be used as it stands."""


class BadSetting(UserError):
    """A setting is out of its bounds."""


class ModelError(UserError):
    """The embedding model cannot be used."""
