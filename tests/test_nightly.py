"""A small sample of `benchmarks/nightly.py`: two nights of several served sites in one process."""

from __future__ import annotations

from pathlib import Path

from benchmarks.nightly import FIRST_NIGHT, SECOND_NIGHT, Servers, make_site, night

ARTICLES = 24


def test_two_nights_of_several_sites(tmp_path: Path) -> None:
    sites = [make_site(f"so-{number}", ARTICLES, number) for number in range(3)]
    for site, delay in zip(sites, (0.02, 0.05, 0.08), strict=True):
        site.delay = delay
    with Servers(sites):
        first = night(tmp_path, sites, FIRST_NIGHT, UPDATE_AT_ONCE=2)
        pauses = {site.name: site.shortest_pause() for site in sites}
        second = night(tmp_path, sites, SECOND_NIGHT)
    assert first.lines == second.lines == ()  # only JSON, so nothing of the log either
    for site in sites:
        assert first.results[site.name]["new"] == ARTICLES
        assert pauses[site.name] >= site.delay / 2  # on a busy machine, the server notes the end of a response late
        assert second.results[site.name]["new"] == 0
        assert second.requests[site.name] * 2 < first.requests[site.name]
    # At most two at once: the last one begins after another has ended.
    assert sites[2].requests[0][0] > min(site.requests[first.requests[site.name] - 1][1] for site in sites[:2])
