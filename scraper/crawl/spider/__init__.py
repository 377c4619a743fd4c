"""The news spider: which pages of a source are requested, and what happens with each response. These modules parse no HTML."""
