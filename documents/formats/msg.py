"""Outlook messages (.msg): the text, what the properties state, and each attachment as a document of its own."""

import struct
from collections.abc import Iterator
from dataclasses import replace
from email.utils import parsedate_to_datetime

from oxmsg import Message
from oxmsg.attachment import Attachment

from documents.errors import ReadError
from documents.formats import html
from documents.formats.blocks import one_line
from documents.formats.content import Content, Enclosed, Part, Unread, distinct
from documents.formats.eml import file_name, own, unquoted

# What python-oxmsg and olefile let through on damaged files.
_DAMAGE = (
    OSError,
    ValueError,
    LookupError,
    OverflowError,
    AssertionError,
    AttributeError,
    TypeError,
    struct.error,
)


def parts(data: bytes, name: str) -> Iterator[Part]:
    """Yields the message under the name of the file, then its attachments below it.

    Raises: ReadError where the file is damaged or no message.
    """
    try:
        message = Message.load(data)
        content = replace(_content(message, name), fields=_fields(message))
        attached = list(message.attachments)
        names = distinct(file_name(each.file_name or "", each.mime_type or "") for each in attached)
    except _DAMAGE as error:
        raise ReadError(
            f"{name}: damaged, or not an Outlook message. Save it again as .msg.",
            french=f"{name} : endommagé, ou pas un message Outlook. Enregistrez-le de nouveau en .msg.",
        ) from error
    yield from own(name, data, content)
    for each, own_name in zip(attached, names, strict=True):
        yield _attachment(each, f"{name}/{own_name}")


def _content(message: Message, name: str) -> Content:
    if message.body and message.body.strip():
        return Content(unquoted(message.body))
    markup = message.html_body
    return html.read(markup.encode(), name) if markup and markup.strip() else Content("")


def _fields(message: Message) -> dict[str, str]:
    fields = {"title": one_line(message.subject), "source": one_line(message.sender or "")}
    sent = message.sent_date
    stated = message.message_headers.get("Date", "")
    if stated:
        try:
            sent = parsedate_to_datetime(stated)
        except (ValueError, TypeError, OverflowError):
            sent = message.sent_date
    if sent is not None:
        fields["date"] = sent.date().isoformat()
    return {key: value for key, value in fields.items() if value}


def _attachment(attachment: Attachment, identity: str) -> Enclosed | Unread:
    try:
        data = attachment.file_bytes
    except _DAMAGE as error:
        return Unread(
            identity,
            ReadError(
                f"{identity}: damaged ({error}). Save it by itself.",
                french=f"{identity} : endommagé ({error}). Enregistrez-le à part.",
            ),
        )
    if data is None:
        return Unread(
            identity,
            ReadError(
                f"{identity}: a message within the message. Save it by itself as .msg.",
                french=f"{identity} : un message dans le message. Enregistrez-le à part en .msg.",
            ),
        )
    return Enclosed(identity, data)
