"""The one route engine: what was done, what is open, who may do it, and whether the route is complete. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chancery.envelope import Standing
from chancery.events.parts import StepDone
from chancery.rules.grammar import DECIDING, TOLD, Route, Selector, Step
from chancery.rules.resolve import Resolution

Resolve = Callable[[Selector, str, str], Resolution]
"""selector, act, acting -> people"""


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step whose turn it is: where it stands in the route, and who may take it now."""

    alternative: int
    index: int
    step: Step
    who: Resolution
    left: tuple[Standing, ...]

    @property
    def waits_for_nobody(self) -> str | None:
        """Why nobody can take it, if so: a visible state, never a guess."""
        return None if self.left else (self.who.nobody or "own_case")


@dataclass(frozen=True, slots=True)
class RouteState:
    """How far a route is. ``complete`` once all blocking steps of one alternative are done."""

    open: tuple[OpenStep, ...]
    complete: bool
    last: StepDone | None

    def for_person(self, person: str, do: str | None = None) -> tuple[OpenStep, Standing] | None:
        """The open step somebody may take, and in what right."""
        for one in self.open:
            if do is not None and one.step.do != do:
                continue
            for standing in one.left:
                if standing.person == person:
                    return one, standing
        return None


def progress(
    route: Route,
    done: Sequence[StepDone],
    resolve: Resolve,
    *,
    applicant: str | None = None,
    switched_on: frozenset[str] = frozenset(),
) -> RouteState:
    """Where a route stands after what was done. Parallel neighbours are open together; serial steps in turn."""
    opened: list[OpenStep] = []
    complete = False
    for number, steps in enumerate(route.alternatives):
        mine = [one for one in done if one.alternative == number]
        found, finished = _alternative(number, steps, mine, resolve, applicant, switched_on)
        opened += found
        complete = complete or finished
    if complete:
        opened = [one for one in opened if not one.step.blocks]
    return RouteState(tuple(opened), complete, done[-1] if done else None)


def _alternative(
    number: int,
    steps: Sequence[Step],
    done: Sequence[StepDone],
    resolve: Resolve,
    applicant: str | None,
    switched_on: frozenset[str],
) -> tuple[list[OpenStep], bool]:
    opened: list[OpenStep] = []
    blocked = False
    previous: Step | None = None
    for index, step in enumerate(steps):
        if not _exists(step, switched_on):
            continue
        parallel = previous is not None and previous.order == step.order == "parallel"
        if blocked and not parallel:
            break
        previous = step
        taken = [one for one in done if one.step == index]
        who = _who(step, resolve, applicant)
        if _is_done(step, who, taken, done):
            continue
        people = {one.person for one in taken}
        left = tuple(h for h in who.holders if h.person not in people and not _own_case(step, h, applicant))
        opened.append(OpenStep(number, index, step, who, left))
        blocked = blocked or step.blocks
    return opened, not blocked


def _exists(step: Step, switched_on: frozenset[str]) -> bool:
    if step.only_if is not None:
        return step.only_if in switched_on
    return step.force not in ("as_needed", "may") or step.do in switched_on


def _who(step: Step, resolve: Resolve, applicant: str | None) -> Resolution:
    if step.by is not None:
        return resolve(step.by, step.do, step.acting)
    if step.do in TOLD and applicant is not None:
        return resolve(Selector.model_validate({"applicant": "self"}), step.do, "never")
    return Resolution(nobody="nobody_named")


def _is_done(step: Step, who: Resolution, taken: Sequence[StepDone], done: Sequence[StepDone]) -> bool:
    if who.nobody == "none_other" and not who.holders:
        return True  # nobody else is concerned: there is nothing to do
    every = who.every or step.quorum == "all_of"
    if not every and taken:
        return True
    people = {one.person for one in taken} | {one.acts_for for one in taken if one.acts_for}
    if taken and every:
        # one of them may be missing from the roster: then the step waits for him, visibly
        return who.nobody is None and all(h.person in people or h.acts_for in people for h in who.holders)
    if step.merge_if_same_person:
        return any(one.person in who.people() for one in done if one.do == step.do)
    return False


def _own_case(step: Step, holder: Standing, applicant: str | None) -> bool:
    """Nobody decides on his own request, also not while acting for another."""
    return step.do in DECIDING and applicant is not None and holder.person == applicant
