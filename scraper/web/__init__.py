"""The Datasette plugin. Datasette looks for `static/` and `templates/` in this package, so its hooks are exported here."""

from scraper.web.plugin import extra_css_urls, extra_js_urls, extra_template_vars, prepare_connection, render_cell, startup

__all__ = ["extra_css_urls", "extra_js_urls", "extra_template_vars", "prepare_connection", "render_cell", "startup"]
