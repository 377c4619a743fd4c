"""Compares what a crawl received with what its source is expected to give, so that silence, failure and absence are different answers.

The rules (`rules.py`) are pure: numbers in, states out. `judging.py` reads the numbers of earlier runs and writes `source_health`.
"""
