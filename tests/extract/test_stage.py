"""How far along an agreement is, as a statement has it."""

import pytest

from extract.lexicon import lexicon
from extract.stage import stage_of
from extract.statement import AgreementStage, Stance

C, D, N, W = Stance.confirms, Stance.denies, Stance.negotiating, Stance.withdraws
ROWS = [
    ("en", "Peru has signed the fishing accord", C, "signed"), ("en", "both sides reached an agreement in principle", C, "in_principle"),
    ("en", "the text was initialled on Monday", C, "initialled"), ("en", "the treaty, signed in May, was ratified on Friday", C, "ratified"),
    ("en", "the accord was signed and will be ratified in June", C, "signed"), ("en", "the truce is in force", C, "in_force"),
    ("en", "we have signed nothing", D, "signed"), ("en", "no such document exists", D, None), ("en", "talks go on", N, "talks"),
    ("en", "the ministry suspended its part in the accord", W, "suspended"), ("en", "the firm walked away", W, "withdrawn"),
    ("es", "las partes firmaron el convenio", C, "signed"), ("es", "llegaron a un acuerdo en principio", C, "in_principle"),
    ("es", "el Congreso ratificó el tratado", C, "ratified"), ("es", "el acuerdo está vigente", C, "in_force"), ("es", "no se firmó nada", D, "signed"),
    ("es", "Burundi se retiró del tratado", W, "withdrawn"), ("es", "alcanzaron un pacto", C, "agreed"),
    ("fr", "les ministres ont signé l’accord", C, "signed"), ("fr", "un accord de principe a été trouvé", C, "in_principle"),
    ("fr", "le texte a été paraphé", C, "initialled"), ("fr", "l’accord est en vigueur", C, "in_force"), ("fr", "aucun accord n’a été conclu", D, "agreed"),
    ("fr", "Moscou a suspendu sa participation", W, "suspended"),
    ("pt", "os ministros assinaram o acordo", C, "signed"), ("pt", "chegaram a um acordo de princípio", C, "in_principle"),
    ("pt", "o Parlamento ratificou o tratado", C, "ratified"), ("pt", "o contrato continua valendo", C, "in_force"),
    ("pt", "a entidade não firmou acordo algum", D, "signed"), ("pt", "fecharam o acordo", C, "agreed"),
]


@pytest.mark.parametrize(("language", "text", "stance", "stage"), ROWS)
def test_a_statement_has_the_stage_that_its_words_tell(language: str, text: str, stance: Stance, stage: str | None) -> None:
    words = lexicon(language)
    assert words is not None
    found = stage_of(text, 0, len(text), stance, words)
    assert found == (AgreementStage(stage) if stage else None)


def test_who_does_not_comment_claims_no_stage() -> None:
    words = lexicon("en")
    assert words is not None
    assert stage_of("the ministry did not comment on the accord signed in Lima", 0, 60, Stance.no_comment, words) is None
