"""Reference data that the project ships: CSV files in this folder, and `tables.py`, which reads them."""

from scraper.reference.tables import FOLDER, day, label, lines_by_serial, parse_lines, rows, split, units

__all__ = ["FOLDER", "day", "label", "lines_by_serial", "parse_lines", "rows", "split", "units"]
