"""How sure a statement is: the model's probabilities and the rules' reading, weighed together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST = 0.04                          # a judgement of the model less probable than this is not kept
KNOWN = 0.6                           # how sure the model must be of a speaker to be believed rather than the rules
PLAIN = 0.7                           # of "the minister of Peru denied that Lima had signed", whatever the model says
DOUBTED = 0.4                         # what the rules read is none below this confidence
CERTAIN = 0.55                        # what the model alone hears is a statement from this confidence on (docs/accuracy.md)
ASSENTED = 0.75                       # and where no word of the sentence but one of `assent` speaks of an agreement
# Confidence by how the side of a statement was found: the share that was right among 1,442 statements that the rules read in
# labelled texts. The wordings were mined from the same texts, so it is a little high (docs/accuracy.md).
CONFIDENCE = {"named": 0.87, "own voice": 0.8, "carried": 0.75, "context": 0.66}


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
WEIGHTS = np.array([-0.774, 0.646, 0.003, 0.605, -0.677, 0.543, -0.038, 0.457])


def weigh(signs: Signs) -> float:
    """The confidence that a statement with these signs is one, calibrated."""
    return float(1 / (1 + np.exp(-(signs.vector() @ WEIGHTS))))
