"""Pairs at one table: both agree first, neither sees anything before both have finished, and nobody else comes in."""

from dialogs.rehearsal.core.rooms import Beside
from seraf.rehearsal.progress import Mode
from state_machines.rehearsal import Stage
from tests.support.talk.gathering import CODE, Guest, Table, pair, usually

ITEMS = 30


class TestPair:
    """Two people, each alone."""

    def test_it_begins_when_both_have_agreed(self) -> None:
        """Until then there is no story to read for the first."""
        table = Table()
        first = Guest(table)
        first.begin().command("pair").press("Case 1", "I agree")
        alone = first.labels

        second = Guest(table)
        second.begin()
        second.join()
        first.look()

        assert "Read the case" not in alone
        assert "Read the case" in first.labels
        assert second.practice.stage is Stage.STORY

    def test_both_see_the_critical_actions_first_and_then_only_where_they_differ(self) -> None:
        """Also what both missed alike; once both have finished, and then nothing is shared any more."""
        table = Table()
        first, second = pair(table)
        first.finish().press("Where we differ")
        waiting = first.text
        second.finish().press("Where we differ")
        first.look()

        assert "The other person has not finished." in waiting
        assert first.text.split("\n\n")[2] == "Critical actions missed: by you 2 of 5, by the other 2"
        assert "Judgement: missed by both. You: No. The other: No. Model answer: Yes." in first.text
        assert "Category: missed by both. You: between 1 and 4." in first.text
        assert "Items" not in first.text
        first.press("Next page")
        assert "3. Sexual abuse\nYou: No. The other: Yes." in first.text
        assert "3. Sexual abuse\nYou: Yes. The other: No." in second.press("Next page").text
        assert "29 of 30 items alike" in first.text
        assert "4. " not in first.text
        assert table.rooms == {}

    def test_alike_in_everything_is_said_in_one_line(self) -> None:
        """There is nothing to show."""
        table = Table()
        first, second = pair(table)
        second.says = usually
        first.finish()
        second.finish().press("Where we differ")

        assert "answered 30 of 30 items alike" in second.press("Next page").text

    def test_whom_each_would_call_first_is_compared_as_well(self) -> None:
        """By the words of the buttons, beside the key's."""
        table = Table()
        first, second = pair(table)
        first.finish()
        second.finish("Who would you contact first?").press("Nobody today", "Where we differ")
        first.look().press("Where we differ")

        assert "First call: missed by the other. You: ART (or EDT). The other: Nobody today." in first.text

    def test_before_one_has_finished_they_are_shown_nothing_of_the_other(self) -> None:
        """Though the other has: it is blind."""
        table = Table()
        first, second = pair(table)
        second.finish()

        first.look()

        assert first.practice.membership.seen == Beside(is_here=True)
        assert "Where we differ" not in first.labels

    def test_nobody_else_joins_a_pair_even_when_one_has_left(self) -> None:
        """What one of them answered was meant for the other."""
        table = Table()
        first, second = pair(table)
        second.press("Leave")
        third = Guest(table)

        third.begin().command("join", CODE)

        assert third.toasts == ["room-full"]
        assert first.look().practice.membership.seen == Beside(has_left=True)
        assert "There is nothing to compare." in first.text
        assert "/join" not in first.text

    def test_whoever_is_left_alone_is_told_and_can_go_on(self) -> None:
        """The pair is gone once both have left it."""
        table = Table()
        first, second = pair(table)
        first.finish().press("Where we differ")
        second.press("Leave")

        assert "There is nothing to compare." in first.look().text
        first.press("Back", "My answers")
        assert "critical actions missed" in first.text
        assert first.practice.history.course[-1].mode is Mode.PAIR

    def test_whoever_waits_in_a_pair_loses_it_by_nothing_but_leaving(self) -> None:
        """No next case, no command; their own course and back; and then they see where the two differ."""
        table = Table()
        first, second = pair(table)
        first.finish().press("My answers")
        labels = first.labels
        first.command("pair")
        said = first.toasts
        first.press("My progress", "Back", "Back")
        second.finish()
        first.look().press("Where we differ")

        assert "Next case" not in labels
        assert said == ["rehearsing-first"]
        assert "29 of 30 items alike" in first.press("Next page").text
        assert "Next case" in first.press("Back", "My answers").labels

    def test_what_was_answered_alike_is_not_kept_of_the_other(self) -> None:
        """But for the critical actions, only where they differ."""
        table = Table()
        first, second = pair(table)
        first.finish()
        second.finish()

        seen = first.look().practice.membership.seen
        assert isinstance(seen, Beside)
        assert (seen.of, seen.differing, len(seen.critical)) == (30, (("V3", "no", "yes"),), 5)

    def test_whoever_would_leave_the_other_without_a_comparison_is_asked(self) -> None:
        """Also once they have seen how they did themselves; before anything was answered they just leave."""
        table = Table()
        first, second = pair(table)
        first.finish().press("My answers", "Leave")

        assert "the other person cannot compare any more" in first.text
        assert first.press("Keep rehearsing").practice.membership.room == CODE
        assert not second.press("Leave").practice.is_under_way

    def test_a_pair_that_both_left_is_gone(self) -> None:
        """Nothing of it is kept for a day."""
        table = Table()
        first, second = pair(table)

        first.press("Leave")
        second.press("Leave")

        assert table.rooms == {}

    def test_a_pair_whose_day_is_over_says_so(self) -> None:
        """While waiting, and where the two would have been compared."""
        table = Table()
        first = Guest(table)
        first.begin().command("pair").press("Case 1", "I agree")
        table.rooms.clear()
        waiting = first.look().text
        other = Table()
        one, _ = pair(other)
        one.finish()
        other.rooms.clear()
        one.press("Where we differ")

        assert "There is nothing to compare." in waiting
        assert "There is nothing to compare." in one.text
