"""Claims of one form and currency, as a file of X12 holds them."""

from dataclasses import replace

import pytest

from schemas.vocabulary import Form
from sources.generate.claims import claims
from sources.generate.medicine import tooth_of
from sources.generate.spec import Spec

SPEC = Spec(seed=3, members=1500, count=300, currency="USD")


@pytest.mark.parametrize("form", ["professional", "institutional", "dental", "pharmacy"])
def test_a_form_and_a_currency_can_be_asked_for(form: Form) -> None:
    made = list(claims(replace(SPEC, form=form)))
    assert len(made) == 300
    assert {(claim.form, claim.currency) for claim in made} == {(form, "USD")}


def test_what_no_plan_pays_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="no plan of the reference data pays a dental in EUR"):
        next(claims(replace(SPEC, form="dental", currency="EUR")))


@pytest.mark.parametrize(
    ("system", "code", "has_one"),
    [("AD", "D2391", True), ("AD", "D0120", False), ("AD", "D1110", False), ("HC", "99213", False)],
)
def test_only_what_is_done_to_a_tooth_names_one(system: str, code: str, has_one: bool) -> None:
    assert (tooth_of(system, code, 7) is not None) is has_one


def test_teeth_differ() -> None:
    teeth = {line.tooth for claim in claims(replace(SPEC, form="dental")) for line in claim.lines} - {None}
    assert len(teeth) > 10
