"""Parses one field each: dates and which of them is the date of publication, metadata, attachments, bylines. The value of a field, never the page."""
