"""Tests of teams: who is on call at every minute, also where a night has 23 or 25 hours, and who is offered to be asked."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogs.core.role import Role
from dialogs.core.teams import NOBODY, Duty, Member, Shift, Team, TeamPlace, duties, on_call
from dialogs.people.asking import OFFERED, whole_service, whom_to_ask
from dialogs.people.roster import Colleague
from seraf.advice.contacts import LocalTime

LONDON = ZoneInfo("Europe/London")
UNTIL = date(2027, 3, 3)
SAM, DANA, JO, OLA, KIM = "00000001", "00000002", "00000003", "00000004", "00000005"
MONDAY, SATURDAY, SUNDAY = 0, 5, 6
NIGHTS = tuple(Shift((DANA, JO)[day % 2], day, time(18), time(8)) for day in range(7))
DAYS = tuple(Shift(OLA, day, time(8), time(18)) for day in range(7))
NORTH = Team("North", (Member(SAM), Member(DANA, TeamPlace.MANAGES), Member(JO, TeamPlace.MANAGES)), NIGHTS + DAYS)


def at(text: str, *, fold: int = 0) -> LocalTime:
    return LocalTime(datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold))


def called(who: str, label: str, role: Role = Role.MANAGER, is_barred: bool = False) -> Colleague:
    return Colleague(who, label, role, UNTIL, is_barred=is_barred)


PEOPLE = (
    called(SAM, "Sam Reid", Role.PRACTITIONER),
    called(DANA, "Dana Reid"),
    called(JO, "Jo Ames"),
    called(OLA, "Ola Brett", Role.PRACTITIONER),
    called(KIM, "Kim Lowe"),
)


def names(team: Team, now: LocalTime) -> list[str]:
    return [duty.who for duty in on_call(team, now)]


@pytest.mark.parametrize("night", ["2026-03-28", "2026-10-24"])
def test_over_a_change_of_the_clock_exactly_one_person_is_on_call_at_every_minute(night: str) -> None:
    begins = datetime.fromisoformat(f"{night}T12:00").replace(tzinfo=LONDON).astimezone(UTC)
    minutes = [LocalTime((begins + timedelta(minutes=number)).astimezone(LONDON)) for number in range(36 * 60)]

    whos = [names(NORTH, now) for now in minutes]

    assert {len(each) for each in whos} == {1}
    hours = {who: whos.count([who]) / 60 for who in (OLA, JO, DANA)}
    # Saturday's night is Jo's: 14 hours on the wall, 13 or 15 by the clock.
    assert hours == {OLA: 16, DANA: 7, JO: 13} if night.startswith("2026-03") else {OLA: 16, DANA: 5, JO: 15}


@pytest.mark.parametrize(
    ("now", "who"),
    [
        (at("2026-03-29T00:59"), DANA),
        (at("2026-03-29T02:00"), JO),
        (at("2026-10-25T01:29"), DANA),
        (at("2026-10-25T01:31"), JO),
        (at("2026-10-25T01:29", fold=1), JO),
    ],
)
def test_a_shift_that_ends_in_the_hour_that_is_missing_or_twice_leaves_no_gap(now: LocalTime, who: str) -> None:
    team = Team("North", (), (Shift(DANA, SATURDAY, time(18), time(1, 30)), Shift(JO, SUNDAY, time(1, 30), time(9))))
    if now.at.month == 3 and now.at.hour == 2:  # 01:30 is not on this clock: it counts as 02:30
        assert names(team, now) == [DANA]
        now = at("2026-03-29T02:31")

    assert names(team, now) == [who]


def test_the_same_person_through_a_weekend_is_one_duty() -> None:
    team = Team("North", (), tuple(Shift(JO, day, time(8), time(8)) for day in (4, 5, 6)))

    (first, second, *_) = duties(team, at("2026-11-28T12:00"))

    assert (first.who, first.ends) == (JO, datetime(2026, 11, 30, 8, tzinfo=UTC))
    assert second.begins == datetime(2026, 12, 4, 8, tzinfo=UTC)


def test_what_is_tapped_for_tonight_counts_till_the_present_duty_ends() -> None:
    evening = at("2026-11-30T20:00")
    assert names(NORTH, evening) == [DANA]

    for who in (JO, NOBODY):
        tapped = NORTH.taken(who, evening)

        assert tapped.tonight is not None
        assert tapped.tonight.ends == datetime(2026, 12, 1, 8, tzinfo=UTC)
        assert names(tapped, at("2026-12-01T07:59")) == [who] * bool(who)
        assert names(tapped, at("2026-12-01T08:00")) == [OLA]
        assert names(tapped, at("2026-11-30T19:59")) == [DANA]


def test_who_goes_on_takes_the_next_duty_too() -> None:
    tapped = NORTH.going_on(DANA, at("2026-11-30T20:00"))

    assert names(tapped, at("2026-12-01T17:59")) == [DANA]
    assert names(tapped, at("2026-12-01T18:00")) == [JO]


@pytest.mark.parametrize("deed", [Team.taken, Team.going_on])
def test_without_a_rota_a_tap_counts_for_twelve_hours(deed: object) -> None:
    tapped = deed(Team("North"), JO, at("2026-11-30T20:00"))  # type: ignore[operator]

    assert tapped.tonight == Duty(JO, datetime(2026, 11, 30, 20, tzinfo=UTC), datetime(2026, 12, 1, 8, tzinfo=UTC))


def test_who_is_away_is_on_call_again_on_the_day_of_their_return() -> None:
    team = Team("North", (Member(DANA, away=date(2026, 12, 1)),), (Shift(DANA, MONDAY, time(18), time(18)),))

    assert names(team, at("2026-11-30T23:59")) == []
    assert names(team, at("2026-12-01T00:00")) == [DANA]


class TestWhomToAsk:
    NOW = at("2026-12-01T09:00")  # Ola is on call

    def asked(self, who: str = SAM, team: Team = NORTH, **counts: int) -> list[tuple[str, bool, bool]]:
        given = {{"jo": JO, "dana": DANA}[name]: number for name, number in counts.items()}
        offered = whom_to_ask(who, self.NOW, teams=(team,), people=PEOPLE, asked=given)
        return [(each.colleague.label, each.manages, each.on_call is not None) for each in offered]

    def test_my_managers_come_first_then_who_is_on_call_and_in_each_the_most_asked(self) -> None:
        on_call_too = ("Ola Brett", False, True)

        assert self.asked() == [("Dana Reid", True, False), ("Jo Ames", True, False), on_call_too]
        assert self.asked(jo=2, dana=1) == [("Jo Ames", True, False), ("Dana Reid", True, False), on_call_too]

    def test_nobody_is_offered_themselves_or_an_account_of_their_own_label(self) -> None:
        assert [label for label, *_ in self.asked(DANA)] == ["Jo Ames", "Ola Brett"]
        second = (*PEOPLE[:2], called(JO, " dana  REID"), *PEOPLE[3:])

        offered = whom_to_ask(DANA, self.NOW, teams=(NORTH,), people=second, asked={})

        assert [each.colleague.who for each in offered] == [OLA]

    def test_who_is_away_or_locked_out_is_shown_and_cannot_be_asked(self) -> None:
        team = Team(
            "North", (Member(SAM), Member(DANA, TeamPlace.MANAGES, date(2026, 12, 7)), Member(JO, TeamPlace.MANAGES))
        )
        people = (*PEOPLE[:2], called(JO, "Jo Ames", is_barred=True))

        dana, jo = whom_to_ask(SAM, self.NOW, teams=(team,), people=people, asked={})

        assert (dana.away, dana.is_there, jo.away, jo.is_there) == (date(2026, 12, 7), False, None, False)

    @pytest.mark.parametrize("role", [Role.TRAINER, Role.ADMIN, Role.AUDITOR, Role.PRACTITIONER])
    def test_a_role_that_may_not_be_offered_is_not(self, role: Role) -> None:
        people = (PEOPLE[0], called(DANA, "Dana Reid", role), *PEOPLE[2:])

        offered = whom_to_ask(SAM, self.NOW, teams=(NORTH,), people=people, asked={})

        assert [each.colleague.who for each in offered] == [JO, OLA]

    def test_a_trainer_on_the_rota_and_an_auditor_who_asks_are_left_out(self) -> None:
        people = (called(SAM, "Sam Reid", Role.AUDITOR), *PEOPLE[1:3], called(OLA, "Ola Brett", Role.TRAINER))

        assert whom_to_ask(SAM, self.NOW, teams=(NORTH,), people=people, asked={}) == ()
        offered = whom_to_ask(JO, self.NOW, teams=(NORTH,), people=people, asked={})
        assert [each.colleague.who for each in offered] == [DANA]

    def test_other_teams_and_removed_people_are_not_offered(self) -> None:
        south = Team("South", (Member(KIM, TeamPlace.MANAGES),))

        assert whom_to_ask(SAM, self.NOW, teams=(south,), people=PEOPLE, asked={}) == ()
        offered = whom_to_ask(SAM, self.NOW, teams=(NORTH, south), people=PEOPLE[:2], asked={})
        assert [each.colleague.who for each in offered] == [DANA]

    def test_at_most_eight_are_offered(self) -> None:
        people = (PEOPLE[0], *(called(f"{number:08}", f"Manager {number}") for number in range(10, 30)))

        offered = whom_to_ask(SAM, self.NOW, teams=(whole_service(people),), people=people, asked={"00000029": 1})

        assert len(offered) == OFFERED
        assert offered[0].colleague.who == "00000029"
