"""Sends cookies only with the requests that have a cookie jar: the forms of one list, or all requests of a source that needs cookies.

Scrapy's own middleware gives every request the cookies of all earlier responses, and may fetch a list of domains from another host.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from scraper.crawl.request_purpose import purpose_of


class CookieJarMiddleware:
    """Adds the cookies of the jar in the purpose of a request, and puts the cookies of its response into the jar."""

    def process_request(self, request: Request) -> None:
        """Adds the cookies that the site set in answers to requests with the same jar."""
        jar = purpose_of(request).cookies
        if jar is not None:
            request.headers.pop("Cookie", None)
            jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        jar = purpose_of(request).cookies
        if jar is not None:
            jar.extract_cookies(response, request)
        return response
