"""Recognises pages that come instead of a whole site: of a parked domain, of a server without a site, and of an application that a script
fills. Pure.

Only pages that show little are recognised, and never one that an article was read from: an article may be about expired domains.
"""

from __future__ import annotations

import re

from scraper.model import Article
from scraper.parse.tree.page_tree import PageTree
from scraper.public_words import advertises_betting
from scraper.text import fold
from scraper.urls import host_of

_FEW_LINKS = 5  # links to pages of the same host; every news site has more on each page, also in its smallest menu with its list
_NOTICE = 900  # the most visible characters of a page that is only a notice, with the terms of its host below
_LONGEST = 200  # characters of a title that is searched; a bound against hostile input
_SHELL = 200  # the most visible characters of a page before its script fills it ("Đang tải ...", the name of the site, a copyright)
_EMPTY = 40  # the most visible characters of a page whose frame has no known name

# Hosts and paths of providers of parking pages. Each serves the scripts or the frame of such pages.
_PROVIDERS = (
    "sedoparking.com",
    "parkingcrew.net",
    "d38psrni17bvxu.cloudfront.net",  # ParkingCrew
    "parklogic.com",
    "bodis.com",
    "parking-lander",  # GoDaddy
    "cashparking",
    "hugedomains.com",
    "afternic.com",
    "dan.com/buy-domain",
    "undeveloped.com",
    "domainmarket.com",
    "dsparking.com",
    "rookmedia.net",
    "ztomy.com",
    "voodoo.com",
    "skenzo.com",
    "parkingpage.namecheap.com",
    "namebrightstatic.com",
    "cgi-sys/suspendedpage",
    "cgi-sys/defaultwebpage",
)
_LANDER = re.compile(r"location(?:\.href)?\s*=\s*[\"']/lander\b")

# Folded texts of such pages: of sellers, of registrars, and of the Vietnamese hosts that suspend a site.
_PARKED = re.compile(
    r"domain(?: name)? .{0,80}(?:is|may be|now) (?:for sale|parked)|(?:buy|purchase|acquire|inquire about) this domain|domain (?:name )?.{0,80}(?:has expired|is suspended|expired on)"
    r"|^(?:domain|account) (?:has been )?suspended|account has been suspended|(?:web ?page|site|domain) is parked|parked free|parked domain|hosting .{0,30}(?:has expired|is suspended)"
    r"|ten mien .{0,80}(?:duoc (?:rao )?ban|dang (?:rao )?ban|can ban|chuyen nhuong|het han|tam ngung|tam khoa|bi khoa|(?:da )?duoc dang ky (?:tai|boi|qua|thanh cong))"
    r"|(?:hosting|tai khoan|website|trang web) .{0,60}(?:da het han|het han su dung|tam ngung (?:do|vi|cung cap)|bi tam ngung|bi tam khoa|bi khoa)"
)
_PLACEHOLDER = re.compile(
    r"^welcome to (?:nginx|openresty|centos|caddy)|apache\d? .{0,40}(?:default page|test page)|^test page for|^iis ?\d|^iis windows|^default (?:web )?(?:site|page)\b|plesk .{0,20}default page"
    r"|^index of /|^directory listing|^it works!?$|under (?:construction|maintenance)|(?:scheduled|down for) maintenance|^coming soon|site coming soon|be back soon"
    r"|(?:website|trang web|trang tin|trang|cong thong tin|he thong|cong) .{0,80}(?:dang (?:duoc |trong qua trinh )?(?:bao tri|nang cap|xay dung)|tam (?:ngung|dung) (?:phuc vu|hoat dong|de))"
)
_ERROR = re.compile(
    r"^server error in '|^runtime error$|error establishing a database connection|^(?:5\d\d\b.{0,3})?(?:internal server error|service unavailable|bad gateway|gateway time-?out)"
    r"|^database error|^whoops, looks like something went wrong|^http status 5\d\d|^fatal error: "
    r"|\b(?:warning|parse error|fatal error)\s?: .{1,200} on line \d"
)
# Elements that frameworks fill: React, Vue, Next, Nuxt, Angular, Svelte, Quasar, Flutter, Blazor.
_ROOTS = "#root, #app, #__next, #__nuxt, #__layout, app-root, [ng-app], [ng-version], #svelte, #q-app, flt-glass-pane, #react-root, #application, #app-root"
_HEADINGS = "h1, h2"
# Reasons that say less about a page than that it came instead of the site.
_VAGUE = frozenset((None, "no-layout", "empty-body", "no-title", "soft-404"))


def replaced_by(tree: PageTree, article: Article | str | None) -> str | None:
    """Return the reason code of a page that came instead of the site: parked, betting-page, placeholder, script-shell, login or server-error. Return None
    for any other page. `article`: what was read from the page, or the reason why it is not an article, or None if its URL is not that of one.
    """
    if isinstance(article, Article) and advertises_betting(f"{article.title.value}\n{article.body.value}"):
        return "betting-page"
    if isinstance(article, Article):
        # An article may be about such pages. It has a date, or a layout.
        return "parked" if article.layout == "generic" and article.published.value is None and _is_parked(tree) else None
    if article not in _VAGUE:
        return None
    tests = {
        "parked": _is_parked,
        "server-error": _is_server_error,
        "placeholder": _is_placeholder,
        "login": _is_bare_login,
        "script-shell": _is_script_shell,
    }
    if article is None or article == "no-layout":
        tests["betting-page"] = _is_of_betting
    return next((reason for reason, test in tests.items() if test(tree)), None)


def _is_parked(tree: PageTree) -> bool:
    """Return True for the page of a seller, a registrar or a host that shows the site as expired, for sale or suspended."""
    if tree.shows_much:
        return False
    if any(tree.mentions(provider) for provider in _PROVIDERS) or (len(tree.source) < _NOTICE and _LANDER.search(tree.source)):
        return _has_few_links(tree)
    return _says(tree, _PARKED)


def _is_of_betting(tree: PageTree) -> bool:
    """Return True if a page of lists advertises betting in its title and in its text, and names no public body."""
    return advertises_betting(f"{tree.title}\n{tree.shown}")


def _is_placeholder(tree: PageTree) -> bool:
    """Return True for the default page of a server, and for a page that only says that the site is being built or maintained."""
    return not tree.shows_much and _says(tree, _PLACEHOLDER)


def _is_server_error(tree: PageTree) -> bool:
    """Return True for the error page of a server or a program that came with status 200."""
    return not tree.shows_much and (_ERROR.search(fold(tree.title[:_LONGEST])) is not None or _says(tree, _ERROR))


def _is_script_shell(tree: PageTree) -> bool:
    """Return True for a page without content that a script fills."""
    if not tree.mentions("<script") or len(tree.shown) > _SHELL or not _has_few_links(tree) or tree.matches("form, iframe, frame"):
        return False
    return tree.matches(_ROOTS) or (len(tree.shown) <= _EMPTY and tree.matches("script[src], script[type=module]"))


def _is_bare_login(tree: PageTree) -> bool:
    """Return True if a page shows hardly more than a form with a password field."""
    return tree.matches("input[type=password]") and not tree.shows_much and _has_few_links(tree)


def _says(tree: PageTree, pattern: re.Pattern[str]) -> bool:
    """Return True if the title, a heading or the text of a page that is only a notice matches a pattern."""
    shown = tree.shown
    if len(shown) > _NOTICE or not _has_few_links(tree):
        return False
    heads = [tree.title, *(node.text(separator=" ") for node in tree.css(_HEADINGS)[:4])]
    return any(pattern.search(fold(" ".join(text.split()))[:_LONGEST]) for text in heads) or pattern.search(fold(shown)) is not None


def _has_few_links(tree: PageTree) -> bool:
    host, own = host_of(tree.url), set()
    for node in tree.css("a[href]"):
        url = tree.link(node)
        if url is not None and host_of(url) == host:
            own.add(url)
            if len(own) > _FEW_LINKS:
                return False
    return True
