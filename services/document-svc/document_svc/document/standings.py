"""From a step as it is stored to the standing in which it was taken."""

from chancery.envelope import Standing
from chancery.events.parts import StepDone
from chancery.names import PersonId, PostId


def standing_of(taken: StepDone) -> Standing:
    return Standing(
        PersonId(taken.person),
        PostId(taken.post) if taken.post else None,
        taken.capacity,
        PersonId(taken.acts_for) if taken.acts_for else None,
    )
