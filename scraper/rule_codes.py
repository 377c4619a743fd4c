"""The codes of the rules that fill the fields of an article. `reference/rules.csv` describes each in English and Vietnamese."""

from __future__ import annotations

from enum import StrEnum


class RuleCode(StrEnum):
    """How a field was filled, or why it is empty. The codes of the general rules begin with "generic", those of other programs with
    "fallback". The codes of the rules that resolve citations are in `citations/resolving`.
    """

    # any field
    LAYOUT_SELECTOR = "layout-selector"  # parameter: the CSS selector
    LAYOUT_WITHOUT_TEXT = "layout-element-without-text"  # parameter: the CSS selector
    JSON_LD = "json-ld"  # parameter of this and the next two: the property, such as "datePublished" or "og:title"
    MICRODATA = "microdata"
    META = "meta"
    PAGE_DATA = "page-data"  # parameter: the name of the field in the data that the page holds for its script
    NOT_ON_PAGE = "not-on-page"
    VALUE_REJECTED = "value-rejected"  # parameter: the selector or property of the value; a note says why
    # title
    TITLE_ELEMENT = "title-element"
    GENERIC_HEADING_JSON_LD = "generic-heading-json-ld"  # parameter of this and the next two: the property
    GENERIC_HEADING_MICRODATA = "generic-heading-microdata"
    GENERIC_HEADING_META = "generic-heading-meta"
    GENERIC_HEADING_TITLE_ELEMENT = "generic-heading-title-element"
    GENERIC_HEADING_URL = "generic-heading-url"
    GENERIC_HEADING_ABOVE_TEXT = "generic-heading-above-text"
    # summary
    GENERIC_SUMMARY_ELEMENT = "generic-summary-element"
    GENERIC_SUMMARY_HEADING = "generic-summary-heading"
    GENERIC_SUMMARY_JSON_LD = "generic-summary-json-ld"  # parameter of this and the next two: the property
    GENERIC_SUMMARY_MICRODATA = "generic-summary-microdata"
    GENERIC_SUMMARY_META = "generic-summary-meta"
    # author and section
    GENERIC_AUTHOR_LABEL = "generic-author-label"
    GENERIC_AUTHOR_ELEMENT = "generic-author-element"
    GENERIC_AUTHOR_BELOW_TEXT = "generic-author-below-text"
    GENERIC_SECTION_BREADCRUMB = "generic-section-breadcrumb"
    GENERIC_SECTION_LINE = "generic-section-line"
    # dates
    DATE_IN_URL = "date-in-url"
    LISTED_DAY = "listed-day"  # the reading of the page gives none; see `store/listed_days.py`
    GENERIC_DATE_BY_TITLE = "generic-date-by-title"
    GENERIC_DATE_ATTRIBUTE_BY_TITLE = "generic-date-attribute-by-title"
    GENERIC_DATE_ATTRIBUTE = "generic-date-attribute"
    GENERIC_DATE_BELOW_TEXT = "generic-date-below-text"
    FALLBACK_HTMLDATE = "fallback-htmldate"
    NO_PLAUSIBLE_DATE = "no-plausible-date"
    # body
    GENERIC_BODY_MICRODATA = "generic-body-microdata"
    GENERIC_BODY_LONGEST_STRETCH = "generic-body-longest-stretch"
    GENERIC_BODY_BESIDE_FILES = "generic-body-beside-files"
    GENERIC_BODY_NOTHING_BELOW_TITLE = "generic-body-nothing-below-title"
    FALLBACK_TRAFILATURA = "fallback-trafilatura"
    # dateline (parameter: the field whose text begins with it) and byline
    DATELINE_AFTER_PLACE = "dateline-after-place"
    DATELINE_HOST = "dateline-host"
    DATELINE_BRACKET = "dateline-bracket"
    DATELINE_DASH = "dateline-dash"
    BYLINE_LAST_LINE = "byline-last-line"
    BYLINE_BELOW_TEXT = "byline-below-text"
    # attachments
    FILE_LINK_IN_BODY = "file-link-in-body"
    FILE_VIEWER_IN_BODY = "file-viewer-in-body"
    FILE_VIEWER_ON_PAGE = "file-viewer-on-page"
    # stories
    DIGEST_MARKED_LINES = "digest-marked-lines"  # parameter: asterisk, bullet, plus or dash
    DIGEST_BOLD_LINES = "digest-bold-lines"
    NO_DIGEST = "no-digest"
    NO_DIGEST_INTERVIEW = "no-digest-interview"
    NO_DIGEST_LIST = "no-digest-list"
    NO_DIGEST_NAMED_SECTIONS = "no-digest-named-sections"
    NO_DIGEST_WITHOUT_EVENTS = "no-digest-without-events"
    # days of events
    EVENT_DAY = "event-day"
    EVENT_DAY_WITHOUT_YEAR = "event-day-without-year"
    EVENT_RELATIVE_DAY = "event-relative-day"  # parameter: the words, such as "hôm qua"
    # the encoding of a page
    ENCODING_BYTE_ORDER_MARK = "encoding-byte-order-mark"
    ENCODING_ZERO_BYTES = "encoding-zero-bytes"
    ENCODING_HEADER = "encoding-header"
    ENCODING_PAGE = "encoding-page"
    ENCODING_BYTES_FIT = "encoding-bytes-fit"  # parameter: the declared encoding, if it is another
    ENCODING_BYTES_NEARLY_FIT = "encoding-bytes-nearly-fit"
    ENCODING_SURROGATES = "encoding-surrogates"
    ENCODING_NOTHING_ELSE_FITS = "encoding-nothing-else-fits"
    ENCODING_FONTS = "encoding-fonts"
    ENCODING_LETTERS = "encoding-letters"
    # the fields of a held document
    HELD_HEADING = "held-heading"
    HELD_STATED_TITLE = "held-stated-title"
    HELD_WITHOUT_HEADING = "held-without-heading"
    HELD_NONE_NO_TEXT = "held-none-no-text"
    HELD_NONE_NO_HEADING = "held-none-no-heading"
    HELD_NONE_ANNEX = "held-none-annex"  # parameter: the number of the document that it belongs to
    HELD_NONE_FORM = "held-none-form"
    HELD_NONE_LIST = "held-none-list"
    HELD_NONE_SPEECH = "held-none-speech"
    HELD_NUMBER_LABEL = "held-number-label"
    HELD_NUMBER_EMPTY = "held-number-empty"
    HELD_TYPE_LINE = "held-type-line"
    HELD_TYPE_CODE = "held-type-code"
    HELD_TYPE_LETTER = "held-type-letter"
    HELD_ISSUER_HEADING = "held-issuer-heading"
    HELD_ISSUER_CODE = "held-issuer-code"
    HELD_ISSUER_DECIDES = "held-issuer-decides"
    HELD_DATE_HEADING = "held-date-heading"
    HELD_DATE_PASSED = "held-date-passed"
    HELD_SUBJECT_LABEL = "held-subject-label"
    HELD_SUBJECT_BELOW_TYPE = "held-subject-below-type"
    HELD_BASIS_PARAGRAPH = "held-basis-paragraph"
    HELD_SIGNATURE_BLOCK = "held-signature-block"
    HELD_RECIPIENTS_LIST = "held-recipients-list"
    HELD_ENDING_CLAUSE = "held-ending-clause"
    HELD_EFFECT_DAY_OF_SIGNING = "held-effect-day-of-signing"
    HELD_EFFECT_STATED_DAY = "held-effect-stated-day"
    HELD_EFFECT_DAYS_AFTER_SIGNING = "held-effect-days-after-signing"  # parameter: the number of days
    HELD_EFFECT_NOT_COMPUTED = "held-effect-not-computed"  # parameter: the words
    # notes
    HELD_DAY_EMPTY = "held-day-empty"
    HELD_LETTERS_REPAIRED = "held-letters-repaired"
    ENCODED_REPEATEDLY = "encoded-repeatedly"
    NOT_CONVERTED = "not-converted"
    ENTITIES_REPAIRED = "entities-repaired"
    PAGES_JOINED = "pages-joined"
    TIME_FROM_OTHER_DATE = "time-from-other-date"
    FIRST_READING_KEPT = "first-reading-kept"
    COUNTED_FROM_CAPTURE = "counted-from-capture"
    ZONE_OF_PAGE = "zone-of-page"
    REJECTED_ACCOUNT = "rejected-account"
    REJECTED_FRONT_PAGE = "rejected-front-page"
    REJECTED_MAKER = "rejected-maker"
    REJECTED_NO_NAME = "rejected-no-name"
    REJECTED_PUBLISHER = "rejected-publisher"
    REJECTED_SITE = "rejected-site"
    REJECTED_STRANGER = "rejected-stranger"


# The rules that read the day of an event in the text of an article. They check the date of publication and never give it.
OF_EVENTS = frozenset((RuleCode.EVENT_DAY, RuleCode.EVENT_DAY_WITHOUT_YEAR, RuleCode.EVENT_RELATIVE_DAY))
