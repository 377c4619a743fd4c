"""Compares the project's speed with that of other tools, in one run. These are not tests: machines differ, but ratios differ less."""
