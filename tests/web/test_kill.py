"""The server killed under load: what was acknowledged is there, once. The long run is in benchmarks."""

from benchmarks.kill_test import FAULTS, killed

KILLS, PEOPLE = 3, 6


def test_nothing_acknowledged_is_lost_doubled_or_changed(durable_url):
    counts = killed(durable_url, KILLS, PEOPLE, seed=1)
    assert {name: counts[name] for name in FAULTS} == dict.fromkeys(FAULTS, 0), counts
    assert counts["retries"] > 0
    assert counts["acknowledged changes"] > PEOPLE
    assert counts["stored changes"] >= counts["acknowledged changes"]
