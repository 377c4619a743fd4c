"""Joomla 1.5 to 5. Rules from the core templates of com_content. If a page has its own heading, the first h1 is not the title."""

from __future__ import annotations

import re

from scraper.platforms.kit import (
    DatePick,
    Examples,
    IdInPath,
    IdInQuery,
    Layout,
    Marker,
    Pick,
    Platform,
    QueryPager,
    UrlRule,
    after_label,
)

_LABELLED = re.compile(r"^(?:[^:]{2,30}:\s*)?(.+)$")  # a value after any label, or without one
_AUTHOR = after_label("Viết bởi", "Được viết bởi", "Tác giả", "Người viết", "Written by", "Author", needed=False)
_CUT = (
    "h1", "h1 + h2", "h2:first-child", ".page-header", "dl.article-info", ".actions", ".icons", "ul.pagenav", ".pager", ".tags", ".article-info", ".content_rating", ".contentheading",
    ".buttonheading", ".createdate", ".modifydate", ".small", ".pagination", ".jcomments-links", ".addthis_toolbox",
)  # fmt: skip

PLATFORM = Platform(
    id="joomla",
    name="Joomla",
    markers=(
        Marker(4, source='content="Joomla!'),
        Marker(2, source="option=com_content"),
        Marker(2, source="/media/system/js/"),
        Marker(1, source="/components/com_"),
        Marker(1, source="item-page"),
        Marker(1, source="/media/vendor/joomla"),
        Marker(1, source="joomla-script-options"),
    ),
    layouts=(
        Layout(
            name="joomla/k2",  # the component K2, on Joomla 1.5 to 3; its lists have .catItemView
            when=".itemView .itemTitle",
            decisive=True,
            title=(Pick(".itemView .itemTitle"),),
            summary=(Pick(".itemView .itemIntroText"),),
            author=(Pick(".itemView .itemAuthor a"), Pick(".itemView .itemAuthor", pattern=_AUTHOR)),
            section=(Pick(".itemView .itemCategory a"),),
            tags=(Pick(".itemView .itemTags a", all_of=True),),
            published=(DatePick(Pick(".itemView .itemDateCreated")),),
            modified=(DatePick(Pick(".itemView .itemDateModified")),),
            body=(".itemView .itemFullText", ".itemView .itemIntroText"),
            attachments=(".itemView .itemAttachments a[href]",),
            cut=(".itemImageBlock",),
        ),
        Layout(
            name="joomla/4",
            when=".com-content-article__body",
            decisive=True,
            title=(
                Pick(".com-content-article .page-header h2"),
                Pick(".com-content-article h2"),
                Pick(".com-content-article .page-header h1"),
                Pick(".com-content-article h1"),
            ),
            author=(Pick(".com-content-article dd.createdby span"), Pick(".com-content-article dd.createdby", pattern=_AUTHOR)),
            section=(Pick(".com-content-article dd.category-name a"), Pick(".com-content-article dd.category-name span")),
            tags=(Pick(".com-content-article .tags a", all_of=True),),
            published=(
                DatePick(Pick(".com-content-article dd.published time")),
                DatePick(Pick(".com-content-article dd.published time", "datetime")),
                DatePick(Pick(".com-content-article dd.create time")),
                DatePick(Pick(".com-content-article dd.create time", "datetime")),
            ),
            modified=(
                DatePick(Pick(".com-content-article dd.modified time", "datetime")),
                DatePick(Pick(".com-content-article dd.modified time")),
            ),
            body=(".com-content-article__body",),
        ),
        Layout(
            name="joomla/3",
            when=".item-page [itemprop=articleBody]",
            decisive=True,
            title=(
                Pick(".item-page [itemprop=headline]"),
                Pick(".item-page .page-header h2"),
                Pick(".item-page h2"),
                Pick(".item-page h1"),
            ),
            author=(Pick(".item-page dd.createdby [itemprop=name]"), Pick(".item-page dd.createdby", pattern=_AUTHOR)),
            section=(Pick(".item-page dd.category-name a"), Pick(".item-page dd.category-name [itemprop=genre]")),
            tags=(Pick(".item-page .tags a", all_of=True),),
            published=(
                DatePick(Pick(".item-page dd.published time")),
                DatePick(Pick(".item-page dd.published")),
                DatePick(Pick(".item-page dd.create time")),
                DatePick(Pick(".item-page time[itemprop=datePublished]", "datetime")),
                DatePick(Pick(".item-page dd.create")),
            ),
            modified=(DatePick(Pick(".item-page dd.modified")), DatePick(Pick(".item-page time[itemprop=dateModified]", "datetime"))),
            body=(".item-page [itemprop=articleBody]",),
        ),
        Layout(
            name="joomla/2",
            when="div.item-page dl.article-info, div.item-page > h2",
            decisive=True,
            title=(Pick("div.item-page > h2"), Pick("div.item-page h2"), Pick("div.item-page > h1")),
            author=(Pick("div.item-page dd.createdby a"), Pick("div.item-page dd.createdby", pattern=_AUTHOR)),
            section=(Pick("div.item-page dd.category-name a"), Pick("div.item-page dd.category-name", pattern=_LABELLED)),
            published=(DatePick(Pick("div.item-page dd.published")), DatePick(Pick("div.item-page dd.create"))),
            modified=(DatePick(Pick("div.item-page dd.modified")),),
            body=("div.item-page",),
            cut=_CUT,
        ),
        Layout(
            name="joomla/1.5",
            when="td.contentheading, .contentpaneopen .contentheading",
            decisive=True,
            title=(Pick("td.contentheading"), Pick(".contentheading")),
            author=(Pick(".contentpaneopen span.small", pattern=_AUTHOR),),
            section=(Pick("div.componentheading"), Pick(".breadcrumbs a", last=True)),
            published=(DatePick(Pick("td.createdate")), DatePick(Pick(".createdate"))),
            modified=(DatePick(Pick("td.modifydate")), DatePick(Pick(".modifydate"))),
            body=("table.contentpaneopen ~ table.contentpaneopen", "table.contentpaneopen", ".article-content"),
            cut=_CUT,
        ),
    ),
    article_ids=(
        # The name after the number may be left out: id=12, id=12:lich-tiep-dan, id=12-lich-tiep-dan. K2 calls an article an item; Joomla 1.0 wrote
        # task=view.
        IdInQuery("id", r"(\d+)(?:[:-].*)?", where=UrlRule(path_and_query=r"[?&](?:view=(?:article|item)|task=view)(?:&|$)")),
        IdInPath(r"(?i)/(\d+)-[a-z0-9-]+(?:\.html)?$", unless=UrlRule(path_and_query=r"[?&]start=.")),
    ),
    maybe_articles=UrlRule(r"(?i)^/(?:index\.php/)?(?:[a-z0-9-]+/)+[a-z0-9]+(?:-[a-z0-9]+){2,}(?:\.html)?$", query=""),
    sections=UrlRule(r"(?i)^/(?:index\.php/?)?(?:(?:[a-z0-9-]+/){0,2}[a-z0-9-]+/?)?(?:\.html)?$"),
    traps=UrlRule(
        path_and_query=(
            r"tmpl=component|print=1|option=com_(?:mailto|users?|search|finder|contact|weblinks)|format=(?:feed|pdf)"
            r"|task=(?!(?:view|(?:blog)?(?:category|section))(?:&|$))"
            r"|/(?:component/(?:search|users?|mailto)|administrator)\b"
            r"|/itemlist/(?:tag|user|date|search)\b"  # K2: lists of the same articles, and a calendar
        )
    ),
    keeps_query=UrlRule(path_and_query=r"\?.*(?:option|start)="),
    pager_links=(".pagination a[href]", ".pagenav[href]", "a[href*='start=']", "a[rel=next][href]"),
    pager=QueryPager("start|limitstart", first=0),
    article_links=(
        ".blog a[href]",
        ".blog-featured a[href]",
        ".com-content-category-blog a[href]",
        ".category-list a[href]",
        ".items-leading a[href]",
        "h2 a[href]",
        "a[href]",
    ),
    section_links=("nav a[href]", ".menu a[href]"),
    item_box=".item, .blog-item, [class*=leading]",
    item_day=".published, .create, time",
    not_found=(re.compile(r"^(?:404|Không tìm thấy)", re.IGNORECASE),),
    examples=Examples(
        articles={
            "/tin-tuc/4100-khai-truong-diem-phuc-vu.html": "4100",
            "/index.php?option=com_content&view=article&id=12:lich-tiep-dan&catid=3": "12",
            "/index.php?Itemid=25&catid=6%3Atin&id=57804-khai-truong&option=com_content&view=article": "57804",
            "/index.php?option=com_k2&view=item&id=91:khai-truong": "91",
            "/index.php?option=com_content&task=view&id=33&Itemid=2": "33",
        },
        maybe_articles=("/tin-tuc/khai-truong-diem-phuc-vu.html",),
        sections=(
            "/",
            "/index.php?option=com_content&task=blogcategory&id=4",
            "/tin-tuc.html",
            "/index.php/tin-tuc",
            "/12-tin-tuc.html?start=10",
        ),
        traps=(
            "/index.php?option=com_users&view=login",
            "/tin-tuc/itemlist/date/2019/6",
            "/tin-tuc/4100-khai-truong.html?tmpl=component&print=1",
        ),
        others=("/images/stories/anh.jpg",),
        later_pages={"/tin-tuc.html?start=10": "/tin-tuc.html", "/tin-tuc.html?limitstart=20": "/tin-tuc.html?start=10"},
        not_later_pages={"/tin-tuc.html?start=0": "/tin-tuc.html?start=10", "/thong-bao.html?start=10": "/tin-tuc.html"},
        canonical={"/tin-tuc/4100-khai-truong.html?Itemid=3": "/tin-tuc/4100-khai-truong.html", "/tin-tuc.html?x=1": "/tin-tuc.html"},
    ),
)
