"""Which channels play a walk: those that can show it, in turn."""

from collections import Counter

from tests.support.counts import IS_FULL
from tests.support.walks.channels import channels_of, chosen, is_about_telegram
from tests.support.walks.model import TELEGRAM, TERMINAL, WEB
from tests.support.walks.reading import read_walk, walk_files


def test_each_walk_is_played_in_a_channel_that_can_show_it_and_each_channel_in_its_turn() -> None:
    walks = [read_walk(path) for path in walk_files()]
    found = [(walk, chosen(number, walk)) for number, walk in enumerate(walks)]

    assert all(set(channels) <= set(channels_of(walk)) for walk, channels in found)
    assert {channels for walk, channels in found if is_about_telegram(walk) and not IS_FULL} <= {(TELEGRAM,)}
    counts = Counter(each for _, channels in found for each in channels)
    assert min(counts[each] for each in (TELEGRAM, TERMINAL, WEB)) >= len(walks) // 4
