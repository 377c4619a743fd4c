"""Makes the requests of links that are sent by POST: only fields, or the form of a page with its hidden fields and its cookies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from form2request import form2request
from lxml.html import HtmlElement
from scrapy import FormRequest, Request
from scrapy.http import HtmlResponse, Response
from scrapy.http.cookies import CookieJar

from scraper.crawl.request_purpose import Purpose, purpose_of
from scraper.model import Form, Link
from scraper.post_urls import url_of
from scraper.urls import host_of

_LONGEST_BODY = 4 * 1024 * 1024  # bytes of fields; a __VIEWSTATE of 1 MB has been seen, and no server takes more than 4 MB (ASP.NET)


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page whose forms can be sent: its response, the request that it answered, and its text in UTF-8."""

    response: Response
    request: Request

    def cookies(self) -> CookieJar:
        """Returns the cookies that the chain of forms of this page sends: those of the chain so far, else those that the page sets."""
        before = purpose_of(self.request).cookies
        if before is not None:
            return before
        jar = CookieJar()
        jar.extract_cookies(self.response, self.request)
        return jar


def form_purpose(link: Link, purpose: Purpose, page: FormPage | None) -> Purpose:
    """Returns the purpose of the request for a link with a form: with the URL under which its answer is stored, and the cookies."""
    cookies = page.cookies() if page is not None and link.form is not None and link.form.with_page else purpose.cookies
    return replace(purpose, stored_url=url_of(link), cookies=cookies)


def form_request(link: Link, form: Form, page: FormPage | None, **arguments: Any) -> Request | None:
    """Returns the request that sends a form. Returns None if the page has no such form, or if it would be sent to another host.

    `arguments`: those of Scrapy's Request.
    """
    if not form.with_page:
        return FormRequest(link.url, method="POST", formdata=list(form.fields), **arguments)
    if page is None:
        return None
    body = page.response.body
    html = HtmlResponse(page.request.url, body=body, encoding=getattr(page.response, "encoding", None) or "utf-8")
    element = _form_with(html, form)
    if element is None:
        return None
    # Scrapy's FormRequest.from_response is deprecated in favour of this library. A form with a field for files is sent without it.
    sent = form2request(element, dict(form.fields), click=False, enctype="application/x-www-form-urlencoded")
    if host_of(sent.url) != host_of(page.request.url) or len(sent.body) > _LONGEST_BODY:
        return None
    return Request(sent.url, method=sent.method, headers=dict(sent.headers), body=sent.body, **arguments)


def _form_with(html: HtmlResponse, form: Form) -> HtmlElement | None:
    """Returns the form of a page that has the control of a link: the one with the state of an ASP.NET page, or with the button."""
    name = form.fields[0][0].removesuffix(".x")
    for element in html.selector.root.iter("form"):
        names = {field.get("name") for field in element.iter("input", "button", "select")}
        if name in names or (name == "__EVENTTARGET" and any(one and one.startswith("__VIEWSTATE") for one in names)):
            return element
    return next((one for one in html.selector.root.iter("form") if name == "__EVENTTARGET" and one.method == "POST"), None)
