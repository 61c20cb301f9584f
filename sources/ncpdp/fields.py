"""Every field of a D.0 claim request: where its value goes.

A field with a place in the record (`OWN`), a count that the file itself shows (`COUNTS`), or a key of the attributes
(`KEYS`) with the kind of its value. docs/ncpdp-map.md is this table for people. A field that stands in none of them is
kept under `ncpdp_` with its segment and id. Ids and segments are those of the public data dictionary of D.0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sources.ncpdp.transmission import (
    CLAIM,
    CLINICAL,
    COMPOUND,
    INSURANCE,
    PATIENT,
    PAYMENTS,
    PHARMACY,
    PRESCRIBER,
    PRICING,
)

WORKERS, DUR, COUPON, PRIOR, DOCUMENTS, FACILITY, NARRATIVE = "06", "08", "09", "12", "14", "15", "16"
# Texts as they stand; amounts with two implied decimals and an overpunched sign; quantities with three implied
# decimals; days as CCYYMMDD; rates with four implied decimals and an overpunched sign.
Kind = Literal["text", "amount", "quantity", "day", "rate"]
# Prefix of what has no row.
UNKNOWN = "ncpdp"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the attributes and the kind of value under it; the second of a repeated field ends in `_2`."""

    name: str
    kind: Kind = "text"


OWN: Mapping[str, frozenset[str]] = {
    PATIENT: frozenset(("C4", "C5", "C7", "CA", "CB", "CX", "CY")),
    INSURANCE: frozenset(("C2", "C6")),
    PHARMACY: frozenset(("EY", "E9")),
    PRESCRIBER: frozenset(("EZ", "DB", "DR", "2J")),
    PAYMENTS: frozenset(("5C", "7C")),
    CLAIM: frozenset(("D2", "D7", "E7", "ER", "MT")),
    PRICING: frozenset(("DU",)),
    CLINICAL: frozenset(("WE", "DO")),
    FACILITY: frozenset(("8C", "3Q")),
}
COUNTS: Mapping[str, frozenset[str]] = {
    PAYMENTS: frozenset(("4C", "HB", "5E", "NR", "MU")), CLAIM: frozenset(("SE", "NX")), DUR: frozenset(("7E",)),
    COMPOUND: frozenset(("EC", "2G")), PRICING: frozenset(("H7",)), CLINICAL: frozenset(("VE", "XE")),
    DOCUMENTS: frozenset(("2Z",)),
}  # fmt: skip
KEYS: Mapping[str, Mapping[str, Key]] = {
    PATIENT: {
        "CM": Key("patient_street"), "CN": Key("patient_city"), "CO": Key("patient_state"), "CP": Key("patient_zip"),
        "CQ": Key("patient_phone"), "HN": Key("patient_email"), "CZ": Key("employer_id"), "1C": Key("smoker"),
        "2C": Key("pregnant"), "4X": Key("patient_residence"),
    },
    INSURANCE: {
        "CC": Key("cardholder_first_name"), "CD": Key("cardholder_last_name"), "C1": Key("group_number"),
        "C3": Key("person_code"), "CE": Key("home_plan"), "FO": Key("plan_id"), "C9": Key("eligibility_clarification"),
        "MG": Key("other_payer_bin"), "MH": Key("other_payer_processor_control_number"),
        "NU": Key("other_payer_cardholder"), "MJ": Key("other_payer_group"), "2A": Key("medigap_id"),
        "2B": Key("medicaid_indicator"), "2D": Key("provider_accepts_assignment"), "G2": Key("part_d_facility"),
        "N5": Key("medicaid_id"), "N6": Key("medicaid_agency"),
    },
    PRESCRIBER: {
        "1E": Key("prescriber_location"), "PM": Key("prescriber_phone"), "2K": Key("prescriber_street"),
        "2M": Key("prescriber_city"), "2N": Key("prescriber_state"), "2P": Key("prescriber_zip"),
        "2E": Key("primary_care_provider_qualifier"), "DL": Key("primary_care_provider"),
        "4E": Key("primary_care_provider_name"), "H5": Key("primary_care_provider_location"),
    },
    CLAIM: {
        "EM": Key("prescription_qualifier"), "E1": Key("product_qualifier"), "D3": Key("fill_number"),
        "D5": Key("days_supply"), "D6": Key("compound_code"), "D8": Key("dispense_as_written"),
        "DE": Key("date_written", "day"), "DF": Key("refills_authorized"), "DJ": Key("prescription_origin"),
        "DK": Key("submission_clarification"), "ET": Key("quantity_prescribed", "quantity"),
        "C8": Key("other_coverage_code"), "DT": Key("special_packaging"), "EJ": Key("prescribed_product_qualifier"),
        "EA": Key("prescribed_product"), "EB": Key("prescribed_quantity", "quantity"), "CW": Key("alternate_id"),
        "EK": Key("scheduled_prescription"), "28": Key("unit_of_measure"), "DI": Key("level_of_service"),
        "EU": Key("prior_authorization_type"), "EV": Key("prior_authorization_number"),
        "EW": Key("intermediary_authorization_type"), "EX": Key("intermediary_authorization"),
        "HD": Key("dispensing_status"), "HF": Key("quantity_intended", "quantity"),
        "HG": Key("days_supply_intended"), "NV": Key("delay_reason"), "K5": Key("transaction_reference_number"),
        "E2": Key("route_of_administration"), "G1": Key("compound_type"), "N4": Key("medicaid_control_number"),
        "U7": Key("pharmacy_service_type"), "EN": Key("associated_prescription"),
        "EP": Key("associated_prescription_date", "day"),
    },
    PAYMENTS: {
        "6C": Key("qualifier"), "E8": Key("date", "day"), "A7": Key("control_number"), "HC": Key("paid_qualifier"),
        "DV": Key("paid_amount", "amount"),
        "6E": Key("reject_code"), "NP": Key("patient_responsibility_qualifier"),
        "NQ": Key("patient_responsibility", "amount"), "MV": Key("benefit_stage"),
        "MW": Key("benefit_stage_amount", "amount"),
    },
    WORKERS: {
        "DY": Key("accident_date", "day"), "CF": Key("employer_name"), "CG": Key("employer_street"),
        "CH": Key("employer_city"), "CI": Key("employer_state"), "CJ": Key("employer_zip"), "CK": Key("employer_phone"),
        "CL": Key("employer_contact"), "CR": Key("workers_compensation_carrier"),
        "DZ": Key("workers_compensation_claim"), "TR": Key("billing_entity_type"), "TS": Key("pay_to_qualifier"),
        "TT": Key("pay_to_id"), "TU": Key("pay_to_name"), "TV": Key("pay_to_street"), "TW": Key("pay_to_city"),
        "TX": Key("pay_to_state"), "TY": Key("pay_to_zip"), "TZ": Key("generic_product_qualifier"),
        "UA": Key("generic_product"),
    },
    DUR: {
        "E4": Key("dur_reason"), "E5": Key("dur_service"), "E6": Key("dur_result"), "8E": Key("dur_level_of_effort"),
        "J9": Key("dur_coagent_qualifier"), "H6": Key("dur_coagent"),
    },
    COUPON: {
        "KE": Key("coupon_type"), "ME": Key("coupon_number"), "NE": Key("coupon_amount", "amount"),
    },
    COMPOUND: {
        "EF": Key("compound_dosage_form"), "EG": Key("compound_dispensing_unit"),
    },
    PRICING: {
        "D9": Key("ingredient_cost", "amount"), "DC": Key("dispensing_fee", "amount"),
        "BE": Key("professional_fee", "amount"), "DX": Key("patient_paid", "amount"),
        "E3": Key("incentive_amount", "amount"), "H8": Key("other_amount_qualifier"),
        "H9": Key("other_amount", "amount"), "HA": Key("flat_sales_tax", "amount"),
        "GE": Key("percentage_sales_tax", "amount"), "HE": Key("percentage_sales_tax_rate", "rate"),
        "JE": Key("percentage_sales_tax_basis"), "DQ": Key("usual_and_customary", "amount"),
        "DN": Key("cost_basis"), "N3": Key("medicaid_paid", "amount"),
    },
    PRIOR: {
        "PA": Key("authorization_request_type"), "PB": Key("authorization_period_begin", "day"),
        "PC": Key("authorization_period_end", "day"), "PD": Key("authorization_basis"),
        "PY": Key("authorization_assigned"), "F3": Key("authorization_response"),
        "PP": Key("authorization_supporting_text"),
    },
    CLINICAL: {
        "ZE": Key("measurement_date", "day"), "H1": Key("measurement_time"), "H2": Key("measurement_dimension"),
        "H3": Key("measurement_unit"), "H4": Key("measurement_value"),
    },
    DOCUMENTS: {
        "2Q": Key("documentation_type"), "2V": Key("documentation_begin", "day"), "2U": Key("documentation_status"),
        "2W": Key("documentation_revised", "day"), "2S": Key("length_of_need_qualifier"), "2R": Key("length_of_need"),
        "2T": Key("documentation_signed", "day"), "2X": Key("documentation_text"), "4B": Key("question"),
        "4D": Key("question_percent"), "4G": Key("question_date", "day"), "4H": Key("question_amount", "amount"),
        "4J": Key("question_number"), "4K": Key("question_text"),
    },
    FACILITY: {
        "3U": Key("facility_street"), "5J": Key("facility_city"), "3V": Key("facility_state"),
        "6D": Key("facility_zip"),
    },
    NARRATIVE: {"BM": Key("narrative")},
}  # fmt: skip
# Fields of an ingredient of a compound; they stand on its line.
INGREDIENT_KEYS: Mapping[str, Key] = {
    "RE": Key("product_qualifier"), "EE": Key("ingredient_cost", "amount"), "UE": Key("cost_basis"),
}  # fmt: skip
INGREDIENT_OWN = frozenset(("TE", "ED", "2H"))
# Of the fixed header and of the batch.
HEADER_KEYS = (
    "transaction_code", "processor_control_number", "software", "batch_sender", "batch_number",
    "batch_reference", "prescription_number",
)  # fmt: skip
# Before each key of the payments segment: the place of the payer among the claim's.
PAYER_PREFIX = "other_payer"
