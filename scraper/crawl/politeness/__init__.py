"""What a crawl owes to the hosts that it visits: how often, when and how much it may request, and when it must stop.

`host_rules.py`, `window.py`, `pauses.py` and `robots_file.py` are pure rules. `host_state.py` keeps what a later process must know of a
host. `host_queue.py` gives the requests to a host their turns, in all crawlers and processes. `crawl_hosts.py` joins them for one crawl,
and `download_handler.py` sends no request without a turn.
"""
