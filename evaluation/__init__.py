"""How well the reader and the ledger do on cases with known answers.

`evaluate` takes the folder of cases and a callable that reads articles, so nothing here knows the reader itself: the
command, a test with a made-up answer and a notebook with another reader are scored alike.
"""

from evaluation.answer import AnswerError
from evaluation.cases import CaseError
from evaluation.report import Analyse, Mode, Report, evaluate

__all__ = ["Analyse", "AnswerError", "CaseError", "Mode", "Report", "evaluate"]
