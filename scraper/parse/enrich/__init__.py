"""Adds to a parsed article what its text states: stories of a digest, the day of an event, the writer, lost letters, further pages."""
