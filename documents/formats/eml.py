"""E-mail messages (.eml): the text, what the headers state, and each attachment as a document of its own."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from mimetypes import guess_extension
from pathlib import PurePosixPath

from documents.errors import ReadError, UnknownFormat
from documents.formats import html
from documents.formats.blocks import one_line, paged, tidy
from documents.formats.content import Content, Enclosed, Own, Part, Unread, distinct
from documents.formats.text import decode, encodable

_QUOTED = re.compile(r"^(?:> ?)+", re.MULTILINE)
_FLOWED = re.compile(r"(?<!^--) \n(?=\S)", re.MULTILINE)  # RFC 3676: a space at a line's end joins it to the next

# What the parser of headers lets through where they are broken.
_BROKEN = (MessageError, ValueError, LookupError, OverflowError, AttributeError, TypeError)


def parts(data: bytes, name: str) -> Iterator[Part]:
    """Yields the message under the name of the file, then its attachments below it.

    Pictures shown within the text are named as skipped: most are logos.
    """
    message = _message(data, name)
    yield from own(name, data, _content(message, name))
    attached = [part for part in _files(message) if part is not message]
    names = distinct(file_name(part.get_filename() or "", part.get_content_type()) for part in attached)
    markup = _markup(message)
    for part, own_name in zip(attached, names, strict=True):
        identity = f"{name}/{own_name}"
        shown = part.get_content_maintype() == "image" and _address(part) in markup
        yield shown_within(identity) if shown else _attachment(part, identity)


def own(name: str, data: bytes, content: Content) -> Iterator[Own]:
    """Yields the message itself; one without text stands for itself with its subject, if it has one."""
    if not content.text.strip():
        content = Content(content.fields.get("title", ""), fields=content.fields)
    if content.text.strip():
        yield Own(name, hashlib.sha256(data).hexdigest(), content)


def file_name(stated: str, content_type: str) -> str:
    """Returns the name of an attachment without its folders, with a suffix that tells its format."""
    own_name = re.split(r"[/\\]", one_line(encodable(stated)))[-1] or "attachment"
    if not PurePosixPath(own_name).suffix:
        own_name += ".eml" if content_type == "message/rfc822" else guess_extension(content_type) or ""
    return own_name


def shown_within(identity: str) -> Unread:
    """Returns that a picture in the text of a message is not read."""
    return Unread(
        identity,
        UnknownFormat(
            f"{identity}: a picture within the text of the message. Save it to read it.",
            french=f"{identity} : une image dans le texte du message. Enregistrez-la pour la lire.",
        ),
    )


def unquoted(text: str) -> str:
    """Returns the text without the marks > of lines quoted from earlier messages."""
    return tidy(_QUOTED.sub("", text.replace("\r\n", "\n")))


def _message(data: bytes, name: str) -> EmailMessage:
    message = message_from_bytes(data, policy=default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise ReadError(
            f"{name}: not an e-mail message. Save it again as .eml and ingest that.",
            french=f"{name} : pas un courriel. Enregistrez-le de nouveau en .eml et ajoutez celui-ci.",
        )
    return message


def _fields(message: EmailMessage) -> dict[str, str]:
    fields = {"title": _header(message, "subject"), "source": _header(message, "from")}
    if sent := _sent(message):
        fields["date"] = sent
    return {key: value for key, value in fields.items() if value}


def _sent(message: EmailMessage) -> str:
    """Returns the day of the message, "" where it states none, or one that is in no calendar."""
    try:
        moment = getattr(message.get("date"), "datetime", None)
    except _BROKEN:
        return ""
    return moment.date().isoformat() if moment is not None else ""


def _header(message: EmailMessage, key: str) -> str:
    try:
        return one_line(str(message.get(key, "")))
    except _BROKEN:
        return ""


def _content(message: EmailMessage, name: str) -> Content:
    texts = [_text(part, name) for part in _bodies(message)]
    return replace(paged(texts, _fields(message)), page_starts=())


def _bodies(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yields the text of the message, and that of its kind which goes on behind an attachment."""
    body = message.get_body(("plain", "html"))
    if isinstance(body, EmailMessage):
        yield body
        for part in _beside(message):
            if part is not body and part.get_content_type() == body.get_content_type():
                yield part


def _beside(part: EmailMessage) -> Iterator[EmailMessage]:
    """Yields the texts that stand side by side, not those of which one is to be chosen."""
    if part.get_content_type() == "multipart/mixed":
        for each in part.iter_parts():
            if isinstance(each, EmailMessage):
                yield from _beside(each)
    elif part.get_content_maintype() == "text" and not part.get_filename() and not part.is_attachment():
        yield part


def _text(body: EmailMessage, name: str) -> Content:
    data = body.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return Content("")
    if body.get_content_type() == "text/html":
        return html.read(data, name)
    text = decode(data, name, body.get_content_charset() or "").replace("\r\n", "\n")
    if body.get_param("format") == "flowed":
        text = _FLOWED.sub(" ", text)
    return Content(unquoted(text))


def _files(part: EmailMessage) -> Iterator[EmailMessage]:
    """Yields the parts of a message that are neither its text nor a frame around others."""
    if part.is_multipart() and not _is_message(part):
        for each in part.iter_parts():
            if isinstance(each, EmailMessage):
                yield from _files(each)
    elif part.get_filename() or part.is_attachment() or _is_message(part) or part.get_content_maintype() != "text":
        yield part


def _is_message(part: EmailMessage) -> bool:
    return part.get_content_type() == "message/rfc822"


def _markup(message: EmailMessage) -> bytes:
    body = message.get_body(("html",))
    data = body.get_payload(decode=True) if body is not None else b""
    return data if isinstance(data, bytes) else b""


def _address(part: EmailMessage) -> bytes:
    """Returns what the markup of the message calls the part by."""
    return b"cid:" + (_header(part, "content-id").strip("<> ") or "\0").encode()


def _attachment(part: EmailMessage, identity: str) -> Enclosed:
    if _is_message(part):
        enclosed = part.get_payload(0)
        return Enclosed(identity, enclosed.as_bytes() if isinstance(enclosed, EmailMessage) else b"")
    data = part.get_payload(decode=True)
    return Enclosed(identity, data if isinstance(data, bytes) else b"")
