"""Whether a request that changes something was made by the page itself."""

from urllib.parse import urlsplit

from fastapi import HTTPException, Request


def from_this_page(request: Request) -> None:
    """Refuses what another site has the browser send.

    Raises:
        HTTPException: 403, the request names another origin.
    """
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "Taken from this page only.")
