"""Recognises pages that come instead of a whole site: of a parked domain, of a server without a site, and of an application that a script
fills. Pure.

Only pages that show little are recognised, and never one that an article was read from: an article may be about expired domains.
"""

from __future__ import annotations

import re

from scraper.model import Article
from scraper.parse.classify.refused_pages import has_few_links
from scraper.parse.tree.page_tree import PageTree
from scraper.public_words import advertises_betting
from scraper.text import clean, fold

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
    r"|^(?:domain|account) (?:has been )?suspended|account has been suspended|(?:web ?page|site|domain) is parked|parked free|parked domain|hosting .{0,30}(?:has expired|is suspended)|^related (?:searches|links)\b"
    r"|ten mien .{0,80}(?:duoc (?:rao )?ban|dang (?:rao )?ban|can ban|chuyen nhuong|het han|tam ngung|tam khoa|bi khoa|(?:da )?duoc dang ky (?:tai|boi|qua|thanh cong))"
    r"|(?:hosting|tai khoan|website|trang web|dich vu|may chu ao|vps) .{0,60}(?:da het han|het han su dung|tam ngung (?:do|vi|cung cap)|bi tam ngung|bi tam khoa|bi khoa)"
    r"|(?:website|trang web|trang|dich vu) (?:da |dang )?tam khoa|chua (?:thanh toan|gia han).{0,30}(?:phi|dich vu|ten mien|hosting)"
)
_PLACEHOLDER = re.compile(
    r"^welcome to (?:nginx|openresty|centos|caddy)|apache\d? .{0,40}(?:default page|test page)|^test page for|^iis ?\d|^iis windows|^default (?:web )?(?:site|page)\b|plesk .{0,20}default page"
    r"|^index of /|^directory listing|^it works!?$|^apache tomcat|^domain default page|^welcome to (?:liferay|joomla|drupal|wordpress|plesk)|wordpress\W{1,5}installation|website .{0,80}is almost ready"
    r"|no content (?:has been )?uploaded|under (?:construction|maintenance)|undergoing maintenance|(?:scheduled|down for) maintenance|^coming soon|site coming soon|be back soon"
    r"|(?:website|trang web|trang tin|trang|cong thong tin|he thong|cong) .{0,80}(?:dang (?:duoc |trong qua trinh )?(?:bao tri|nang cap|xay dung)|tam (?:ngung|dung) (?:phuc vu|hoat dong|de)"
    r"|tam thoi (?:khong|ngung|dung|gian doan))|^(?:thong bao )?(?:dang )?(?:bao tri|nang cap) (?:dinh ky|he thong|website|trang|cong|may chu)|^(?:dang )?bao tri$"
)
# The default page of a server may be long. It is known by its title.
_DEFAULT_PAGE = re.compile(
    r"^apache\d? .{0,40}(?:default page|test page)|^test page for|^http server test page|^welcome to (?:nginx|centos|openresty)|^iis windows"
)
_ERROR = re.compile(
    r"^server error in '|^runtime error$|error establishing a database connection|^(?:5\d\d\b.{0,3})?(?:internal server error|service unavailable|bad gateway|gateway time-?out)"
    r"|^database error|^whoops, looks like something went wrong|^http status 5\d\d|^fatal error: "
    r"|\b(?:warning|parse error|fatal error)\s?: .{1,200} on line \d|sqlstate\[|\b5\d\d: (?:web server|connection timed|origin|a timeout|ssl handshake|unknown error)"
    r"|khong (?:the )?ket noi (?:duoc )?(?:toi |den |voi |vao )?(?:co so du lieu|csdl|database|may chu)"
)
# Elements that frameworks fill: React, Vue, Next, Nuxt, Angular, Svelte, Quasar, Flutter, Blazor.
_ROOTS = "#root, #app, #__next, #__nuxt, #__layout, app-root, [ng-app], [ng-version], #svelte, #q-app, flt-glass-pane, #react-root, #application, #app-root"
_HEADINGS = "h1, h2"
# Reasons that say less about a page than that it came instead of the site.
_VAGUE = frozenset((None, "no-layout", "empty-body", "no-title", "soft-404"))


def replaced_by(tree: PageTree, article: Article | str | None) -> str | None:
    """Return the reason code of a page that came instead of the site: parked, betting-page, placeholder, script-shell, login,
    server-error or empty-body. Return None for any other page. `article`: what was read from the page, or the reason why it is not an article, or None if its URL is not that of one.
    """
    if isinstance(article, Article) and advertises_betting(f"{article.title.value}\n{article.body.value}"):
        return "betting-page"
    if isinstance(article, Article):
        # An article may be about such pages. It has a date, or a layout.
        if article.layout != "generic" or article.published.value is not None:
            return None
        return "parked" if is_parked(tree) else "placeholder" if _is_default_page(tree) else None
    if article not in _VAGUE:
        return None
    tests = {
        "parked": is_parked,
        "server-error": _is_server_error,
        "placeholder": _is_placeholder,
        "login": _is_bare_login,
        "script-shell": _is_script_shell,
        "empty-body": _is_blank,
    }
    if article is None or article == "no-layout":
        tests["betting-page"] = _is_of_betting
    return next((reason for reason, test in tests.items() if test(tree)), None)


def is_parked(tree: PageTree) -> bool:
    """Return True for the page of a seller, a registrar or a host that shows the site as expired, for sale or suspended."""
    if tree.shows_much:
        return False
    if any(tree.mentions(provider) for provider in _PROVIDERS) or (len(tree.source) < _NOTICE and _LANDER.search(tree.source)):
        return has_few_links(tree)
    return _says(tree, _PARKED)


def _is_of_betting(tree: PageTree) -> bool:
    """Return True if a page of lists advertises betting in its title and in its text, and names no public body."""
    return advertises_betting(f"{tree.title}\n{tree.shown}")


def _is_placeholder(tree: PageTree) -> bool:
    """Return True for the default page of a server, and for a page that only says that the site is being built or maintained."""
    return _is_default_page(tree) or (not tree.shows_much and _says(tree, _PLACEHOLDER))


def _is_default_page(tree: PageTree) -> bool:
    """Return True for the default page of a server, which may be long."""
    return _DEFAULT_PAGE.search(fold(tree.title[:_LONGEST])) is not None and has_few_links(tree)


def _is_server_error(tree: PageTree) -> bool:
    """Return True for the error page of a server or a program that came with status 200."""
    return not tree.shows_much and (_ERROR.search(fold(tree.title[:_LONGEST])) is not None or _says(tree, _ERROR))


def _is_script_shell(tree: PageTree) -> bool:
    """Return True for a page without content that a script fills. It may have the frame of its site around the element that is filled."""
    if not tree.mentions("<script") or len(tree.shown) > _NOTICE or not has_few_links(tree):
        return False
    if any(len(clean(node.text())) <= _EMPTY for node in tree.css(_ROOTS)):
        return not tree.matches("input[type=password]")
    if len(tree.shown) > _SHELL or tree.matches("form, iframe, frame"):
        return False
    return tree.matches(_ROOTS) or (len(tree.shown) <= _EMPTY and tree.matches("script[src], script[type=module]"))


def _is_blank(tree: PageTree) -> bool:
    """Return True for a page that shows nothing at all and that nothing fills."""
    return not (
        tree.mentions("<script") or tree.shows_much or tree.shown or tree.matches("a[href], img, iframe, frame, form, object, embed")
    )


def _is_bare_login(tree: PageTree) -> bool:
    """Return True if a page shows hardly more than a form with a password field."""
    return tree.matches("input[type=password]") and not tree.shows_much and has_few_links(tree)


def _says(tree: PageTree, pattern: re.Pattern[str]) -> bool:
    """Return True if the title, a heading or the text of a page that is only a notice matches a pattern."""
    shown = tree.shown
    if len(shown) > _NOTICE or not has_few_links(tree):
        return False
    heads = [tree.title, *(node.text(separator=" ") for node in tree.css(_HEADINGS)[:4])]
    return any(pattern.search(fold(" ".join(text.split()))[:_LONGEST]) for text in heads) or pattern.search(fold(shown)) is not None
