"""A small payer in dollars as a folder of files, and claims against it, as a person writes them.

Plan BASIC: deductible 100 a person and 150 a family, then 20 %, at most 500 out of pocket. Visits of therapy (97110):
two a year. Imaging (70551) wants an authorization, else it waits for one. Fees: 99213 95.00, 97110 40.00, 70551 245.00.
Members M-1 and M-2 of family F-1; M-2 has another payer first. Clinic P-1 is in the network.
"""

import json
from pathlib import Path
from typing import Any

FILES = {
    "members.csv": """\
member_id,name,birth_date,sex,relationship,identifiers
M-1,Ann Poe,1980-05-01,F,self,
M-2,Ben Poe,1979-06-02,M,spouse,
""",
    "coverages.csv": """\
member_id,coverage_id,plan_id,effective_from,effective_to,other_payer_first
M-1,F-1,BASIC,2026-01-01,,
M-2,F-1,BASIC,2026-01-01,,true
""",
    "providers.csv": """\
provider_id,name,kind,identifiers
P-1,Clinic,clinic,npi:1234567893
""",
    "networks.csv": """\
provider_id,network_id,effective_from,effective_to
P-1,NET,2026-01-01,
""",
    "fees.csv": """\
fee_schedule_id,code_system,service_code,currency,amount,effective_from
FEES,HC,99213,USD,95.00,2026-01-01
FEES,HC,97110,USD,40.00,2026-01-01
FEES,HC,70551,USD,245.00,2026-01-01
""",
    "plans.yaml": """\
- plan_id: BASIC
  name: Basic
  payer_id: PAYER
  currency: USD
  network_id: NET
  fee_schedule_id: FEES
  effective_from: 2026-01-01
  missing_authorization: pend
  deductible_individual: 100.00
  deductible_family: 150.00
  out_of_pocket_individual: 500.00
  limits:
    - {limit_id: therapy, measure: visits, per: period, amount: 2, codes: ["97110"]}
    - {limit_id: year, measure: money, per: period, who: family, amount: 10000.00}
  benefits:
    - {benefit_id: imaging, codes: ["70551"], needs_authorization: true, deductible_applies: true, coinsurance: 0.20}
    - {benefit_id: care, deductible_applies: true, coinsurance: 0.20}
""",
    "contracts.yaml": """\
- contract_id: CT-1
  provider_id: P-1
  currency: USD
  effective_from: 2026-07-01
  terms:
    - {term_id: all, method: percent_of_charge, rate: 0.80}
""",
    "edits.csv": """\
edit_id,kind,code,units,severity,effective_from
UNITS,units_per_day,97110,2,deny,2026-01-01
""",
    "authorizations.csv": """\
authorization_number,member_id,service_codes,valid_from,valid_to,units
PA-1,M-1,70551,2026-01-01,2026-12-31,3
""",
}


def write_payer(folder: Path, **files: str) -> Path:
    """The folder; `files` are more of them by the first part of their name, as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def claim(
    number: str, *items: tuple[str, float | str], member: str = "M-1", day: str = "2026-03-02", **more: Any
) -> str:
    """A line of a file: a claim of P-1 with items as code and charge."""
    lines = [{"serviceCode": code, "chargedAmount": str(charge)} for code, charge in items]
    given = {
        "claimNumber": number, "memberId": member, "providerId": "P-1", "serviceDate": day, "claimType": "professional",
        "currency": "USD", "diagnoses": [{"code": "M54.5"}], "items": lines,
    }  # fmt: skip
    return json.dumps(given | more)


def told(what: str, **fields: Any) -> str:
    """A line of a file: a command, payment, authorization or adjudication."""
    return json.dumps({what: fields})
