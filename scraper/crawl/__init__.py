"""A crawl of one source.

`run.py` is the run: lock, archive, recording, counts and conclusions; `run_captures.py` keeps its responses. `spider/` decides what to
request and passes each response to the run. `middlewares/` are between the spider and the server; `replay/` takes the place of the server
if a recording is used.
"""
