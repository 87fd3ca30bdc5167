"""One step of a case's route, taken by a person: the last by a verb of its own, the others before it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.envelope import Standing
from chancery.events.parts import StepDone
from chancery.names import Capacity
from chancery.refusal import Citation, Reason, Refused
from chancery.rules.grammar import Route
from chancery.rules.resolve import Case
from chancery.rules.routes import OpenStep, RouteState
from chancery.rules.rulebook import Rules, Taking


@dataclass(frozen=True, slots=True)
class Walk:
    """A route under way.

    ``at_body`` is the body whose acts are meant (``chair@…`` of an acting row), ``switched_on`` the steps called for
    that exist only where they are wanted.
    """

    rules: Rules
    route: Route
    done: tuple[StepDone, ...]
    case: Case
    cites: Sequence[Citation] = ()
    at_body: str | None = None
    switched_on: frozenset[str] = frozenset()

    @property
    def state(self) -> RouteState:
        return self._after(self.done)

    def _after(self, done: Sequence[StepDone]) -> RouteState:
        return self.rules.route(self.route, done, self.case, at_body=self.at_body, switched_on=self.switched_on)

    def finishes(self, step: OpenStep, taken: StepDone | None = None) -> bool:
        """Whether the route is complete once this step is taken; by anybody whose turn it is, where none is named."""
        if taken is None:
            some = step.left[0] if step.left else None
            taken = StepDone(
                alternative=step.alternative,
                step=step.index,
                do=step.step.do,
                person=some.person if some else "nobody",
                capacity=some.capacity if some else Capacity.OWN,
                acts_for=some.acts_for if some else None,
                at=self.rules.at,
            )
        return self._after((*self.done, taken)).complete

    def before_the_last(self, person: str, opinion: str | None, *, last_is: str) -> StepDone:
        """A step that is not the last.

        Raises:
            Refused: it is the last (``last_is`` names the verb for it), or it is not the person's turn.
        """
        taking = self.rules.may_take(self.state, person, cites=self.cites)
        taken = self.rules.step_done(taking, opinion)
        if self._after((*self.done, taken)).complete:
            raise Refused(Reason(last_is, tuple(self.cites)))
        return taken

    def the_last(self, person: str, opinion: str | None, *, steps_before: str) -> StepDone:
        """The last step.

        Raises:
            Refused: others come first (``steps_before`` is the code, ``steps`` names them), or not his turn.
        """
        state = self.state
        if state.open and not any(self.finishes(one) for one in state.open):
            names = "、".join(one.step.do for one in state.open)
            raise Refused(Reason(steps_before, tuple(self.cites), {"steps": names}))
        taken = self.rules.step_done(self.rules.may_take(state, person, cites=self.cites), opinion)
        if not self._after((*self.done, taken)).complete:
            left = self._after((*self.done, taken)).open
            names = "、".join(one.step.do for one in left)
            raise Refused(Reason(steps_before, tuple(self.cites), {"steps": names}))
        return taken

    def the_last_by(self, standing: Standing, opinion: str | None, *, steps_before: str) -> StepDone:
        """The last step, taken by somebody whom another row allows to (a substitute).

        Raises:
            Refused: others come first.
        """
        state = self.state
        last = next((one for one in state.open if self.finishes(one)), None)
        if last is None:
            names = "、".join(one.step.do for one in state.open)
            raise Refused(Reason(steps_before, tuple(self.cites), {"steps": names}))
        return self.rules.step_done(Taking(last.alternative, last.index, last.step.do, standing), opinion)
