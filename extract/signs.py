"""How sure a statement is: the model's probabilities and the rules' reading, weighed together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST = 0.04               # a judgement of the model less probable than this is not kept


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a side confirming, or denying, in a sentence.

    `probability` is the model's of this side, `rival` its highest of any other side, for the same polarity; `voiced` is whether the
    rules hear this side's voice in the sentence, `only` whether they hear no other, `ruled` whether they read this very statement.
    """

    probability: float
    rival: float
    voiced: bool
    only: bool
    ruled: bool

    def vector(self) -> NDArray[np.float64]:
        """The inputs of the regression: one, the log odds of this side and of any, three flags, voice with odds, whether it is the likeliest."""
        own, any_side = (np.log(max(p, 1e-3) / max(1 - p, 1e-3)) for p in (self.probability, max(self.probability, self.rival)))
        return np.array([1.0, own, any_side, float(self.voiced), float(self.only), float(self.ruled), any_side * self.voiced,
                         float(self.probability >= self.rival)])

    def words(self) -> str:
        """The signs as a reason."""
        return (f"the model gives it {self.probability:.2f}" + (f", another side {self.rival:.2f}" if self.rival >= LEAST else "")
                + (", the rules hear this voice" if self.voiced else "") + (", and read the same" if self.ruled else ""))


# A logistic regression over Signs.vector(), fitted on the articles held out of training (python -m training.calibration).
WEIGHTS = np.array([-0.627, 0.753, -0.185, 0.346, -0.306, 0.328, 0.09, 0.412])


def weigh(signs: Signs) -> float:
    """The confidence that a statement with these signs is one, calibrated."""
    return float(1 / (1 + np.exp(-(signs.vector() @ WEIGHTS))))
