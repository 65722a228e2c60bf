"""Whose question is next: the rules one by one, and the bound that nobody falls behind."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.queueing import fair
from bot.queueing.fair import PATIENCE, QUOTA, choose, order
from bot.records.backlog import RETESTS, Backlog, Question


def asked(name, who="", kind="new", *, at=0.0, verb="check", came=0):
    return Question(name, verb, who, kind, asked=at, came=came)


def many(who, count, kind="new", *, start=0.0):
    return tuple(asked(f"{who}{number}", who, kind, at=start + number) for number in range(count))


def names(backlog):
    return [question.id for question in order(backlog)]


def test_contributors_take_turns_however_many_one_has():
    backlog = Backlog((*many("a", 3), *many("b", 2, start=10), *many("c", 1, start=20)))
    assert names(backlog) == ["a0", "b0", "c0", "a1", "b1", "a2"]


def test_whose_turn_was_longest_ago_is_next():
    backlog = Backlog((*many("a", 1), *many("b", 1, start=1), *many("c", 1, start=2)), served={"a": 9, "b": 7}, given=9)
    assert names(backlog) == ["c0", "b0", "a0"]


def test_new_ones_go_before_re_tests():
    backlog = Backlog((*many("r", 2, "retest"), *many("a", 2, start=10)), lanes=4)
    assert names(backlog) == ["a0", "a1", "r0", "r1"]


def test_what_a_command_asked_for_goes_first_among_those_of_one_contributor_and_before_no_other():
    waiting = (asked("a0", "a"), asked("a-recheck", "a", "again", at=5), asked("b0", "b", at=9))
    assert names(Backlog(waiting)) == ["a-recheck", "b0", "a0"]


def test_what_another_question_waits_for_goes_before_all_and_counts_for_nobody():
    waiting = (*many("a", 2), asked("blob", verb="blob", at=99))
    assert choose(Backlog(waiting, many("a", QUOTA), lanes=8), 8) == ("blob",)


def test_a_contributor_has_so_many_under_way_and_no_more():
    assert choose(Backlog(many("a", 9), lanes=8), 8) == ("a0", "a1")
    assert choose(Backlog((*many("a", 9), *many("b", 9)), many("a", 1), {"a": 1}, 1, 8), 8) == ("b0", "a0", "b1")


def test_whom_nobody_knows_is_held_to_no_quota():
    assert len(choose(Backlog(many("", 9), lanes=8), 8)) == 8


def test_re_tests_leave_a_lane_to_who_comes_next():
    waiting = many("r", 9, "retest")
    assert len(choose(Backlog(waiting, lanes=4), 4)) == 3
    assert choose(Backlog(waiting, many("x", 3, "retest"), lanes=4), 1) == ()
    assert choose(Backlog(waiting, lanes=1), 1) == ("r0",)


def test_who_let_enough_others_go_first_goes_before_all():
    old = asked("r", "r", "retest")
    fresh = asked("a", "a", came=PATIENCE - 1)
    assert choose(Backlog((fresh, old), many("x", 3, "retest"), lanes=4, given=PATIENCE - 1), 1) == ("a",)
    assert choose(Backlog((fresh, old), many("x", 3, "retest"), lanes=4, given=PATIENCE), 1) == ("r",)


def test_an_endless_stream_of_newcomers_starves_neither_re_tests_nor_who_was_served_before():
    backlog = Backlog((asked("r", "r", "retest"), asked("old", "a")), served={"a": 1}, given=1, lanes=1)
    seen = []
    for number in range(PATIENCE + 3):
        fresh = asked(f"n{number}", f"n{number}", at=number, came=backlog.given)
        backlog = replace(backlog, waiting=(*backlog.waiting, fresh), under_way=())
        (name,) = choose(backlog, 1)
        seen.append(name)
        backlog = fair._given(backlog, next(one for one in backlog.waiting if one.id == name))
    assert {seen.index("r"), seen.index("old")} == {PATIENCE - 1, PATIENCE}


def test_no_more_than_there_is_room_for():
    assert choose(Backlog((*many("a", 9), *many("b", 9)), lanes=8), 3) == ("a0", "b0", "a1")
    assert choose(Backlog(lanes=8), 3) == ()


COMING = st.tuples(
    st.sampled_from("abcdefgh"), st.sampled_from(["new", "again", "retest"]), st.integers(min_value=1, max_value=6)
)
"""Whose, why, and after how many rounds it is done."""
LONGEST = 6


class Run:
    """Rounds in which questions come, are given out and are done; what each was given out after."""

    def __init__(self, lanes):
        self.backlog, self.lanes, self.ends = Backlog(lanes=lanes), lanes, {}
        self.waits, self.patience, self.accounts = {}, {}, 0

    def come(self, coming):
        """`(contributor, kind, rounds)` each; their names."""
        now = len(self.ends)
        fresh = [
            Question(f"q{now + i:05d}", "check", who, kind, asked=float(now), came=self.backlog.given)
            for i, (who, kind, _) in enumerate(coming)
        ]
        self.ends |= {one.id: rounds for one, (_, _, rounds) in zip(fresh, coming, strict=True)}
        self.backlog = replace(self.backlog, waiting=(*self.backlog.waiting, *fresh))
        self.accounts = max(self.accounts, len({one.account for one in self.backlog.waiting}))
        return [one.id for one in fresh]

    def round(self):
        """What is done leaves, then what may be given out is."""
        left = tuple(replace(one, seconds=one.seconds - 1) for one in self.backlog.under_way if one.seconds > 1)
        self.backlog = replace(self.backlog, under_way=left)
        waiting = {one.id: one for one in self.backlog.waiting}
        for name in choose(self.backlog, self.lanes - len(left)):
            self._give(waiting[name])

    def _give(self, question):
        before = self.backlog
        self.waits[question.id] = before.given - question.came
        own = [one for one in before.waiting if one.account == question.account]
        since = max(min(one.came for one in own), before.served.get(question.account, 0))
        self.patience[question.id] = before.given - since
        assert question == min(own, key=lambda one: (one.kind != "again", one.asked, one.id))
        after = fair._given(before, question)
        *others, mine = after.under_way
        self.backlog = replace(after, under_way=(*others, replace(mine, seconds=self.ends[question.id])))


@settings(max_examples=40)
@given(
    st.lists(st.lists(COMING, max_size=4), min_size=1, max_size=8),
    st.integers(min_value=1, max_value=4),
    st.sampled_from([0, 150]),
)
def test_every_account_is_served_after_a_bounded_number_of_others(rounds, lanes, flood):
    """Also when afterwards somebody comes in every round who was never there before, and who would always go first."""
    run = Run(lanes)
    for coming in [*rounds, *([[]] * flood)]:
        run.come([*coming, *([(f"flood{len(run.ends)}", "new", 1)] if flood else [])])
        run.round()
    for _ in range(20_000):
        if not run.backlog.waiting:
            break
        run.round()
    assert not run.backlog.waiting
    held_back = lanes * (LONGEST + 1)  # while two of its own are under way
    most = PATIENCE + run.accounts + held_back
    assert {name: waited for name, waited in run.patience.items() if waited > most} == {}


@settings(max_examples=20)
@given(
    st.sampled_from(["zenodo-1", "github-ada"]),
    st.sampled_from(["new", "again", "retest"]),
    st.integers(min_value=1, max_value=4),
    st.lists(st.tuples(st.integers(min_value=0, max_value=40), st.integers(1, LONGEST)), min_size=5, max_size=20),
)
def test_hundreds_of_one_contributor_make_no_newcomer_wait(who, kind, lanes, coming):
    """Whatever came together is not out of patience together: a newcomer lets one of them go first at most."""
    run, bounds = Run(lanes), {}
    run.come([(who, kind, 1)] * 500)
    for pause, rounds in coming:
        for _ in range(pause):
            run.round()
        others = sum(one.contributor != who for one in run.backlog.waiting)
        (name,) = run.come([(f"zenodo-{1000 + len(run.ends)}", "new", rounds)])
        bounds[name] = others + 1
    for _ in range(LONGEST * (len(coming) + 1)):
        run.round()
    assert {name: run.waits[name] for name in bounds if run.waits[name] > bounds[name]} == {}


def test_the_hundreds_are_answered_too_in_their_own_order_and_beside_an_endless_stream_of_others():
    """One in `PATIENCE`; that they are asked for by hand changes nothing."""
    run = Run(2)
    flood = run.come([("github-ada", "new", 1)] * 500)
    for number in range(4 * PATIENCE):
        run.come([(f"a{number}", "new", 1), (f"b{number}", "new", 1)])
        run.round()
    served = [name for name in run.waits if name in flood]
    assert served == flood[: len(served)]
    assert len(served) >= 2 * 4 * PATIENCE // (PATIENCE + 2)


def test_re_tests_take_turns_as_one_contributor():
    """One of somebody's is not their turn, and one after `PATIENCE` others is enough for all."""
    retests = many("a", 2, "retest")
    after = fair._given(Backlog(retests, served={"a": 0}), retests[0])
    assert after.served == {"a": 0, RETESTS: 1}
    people = (asked("a-new", "a", at=9, came=PATIENCE), asked("b-new", "b", at=9, came=PATIENCE))
    backlog = Backlog((*people, *retests), served={RETESTS: 1}, given=PATIENCE + 1)
    assert names(backlog) == ["a0", "a-new", "b-new", "a1"]
    assert names(replace(backlog, given=PATIENCE)) == ["a-new", "a0", "b-new", "a1"]


def test_a_command_goes_before_older_ones_of_its_contributor_also_when_those_are_overdue():
    waiting = (
        asked("a0", "a"),
        asked("a-recheck", "a", "again", at=5, came=PATIENCE - 1),
        asked("n", "n", came=PATIENCE),
    )
    assert choose(Backlog(waiting, lanes=1, given=PATIENCE), 1) == ("a-recheck",)
