"""Names under which the attributes of claims and lines carry what has no field of its own; docs/edi-map.md explains.

A table maps a code of X12 (a qualifier, a position, a segment) to a key. What no table knows gets a key of a pattern,
such as `ref.XY`, so that nothing is dropped. The writer of 837 files reads the same tables the other way.
"""

from collections.abc import Mapping

# REF01 in loop 2300. G1, 9F and F8 are fields; what is said twice or with more elements is under ref.<REF01>.
CLAIM_REFERENCES: Mapping[str, str] = {
    "4N": "service_authorization_exception", "F5": "medicare_crossover", "EW": "mammography_certification",
    "X4": "clia_number", "9A": "repriced_reference", "9C": "adjusted_repriced_reference",
    "LX": "investigational_device", "D9": "clearinghouse_number", "EA": "medical_record_number",
    "P4": "demonstration_project", "1J": "care_plan_oversight", "G4": "peer_review_number", "LU": "accident_place",
    "G3": "predetermination_number",
}  # fmt: skip
# REF01 in loops 2400 and 2410. G1 is a field where it is for this payer.
LINE_REFERENCES: Mapping[str, str] = {
    "6R": "line_control_number", "9B": "repriced_reference", "9D": "adjusted_repriced_reference",
    "9F": "referral_number", "BT": "immunization_batch", "EW": "mammography_certification",
    "F4": "referring_clia_number", "G3": "predetermination_number",
    "X4": "clia_number", "XZ": "prescription_number", "VY": "compound_link",
}  # fmt: skip
# DTP01 in loop 2300. 472, 434, 435 and 096 are fields; their time of day is an attribute.
CLAIM_DATES: Mapping[str, str] = {
    "431": "onset_date", "454": "initial_treatment_date", "304": "last_seen_date", "453": "acute_manifestation_date",
    "439": "accident_date", "484": "last_menstrual_period", "455": "last_xray_date", "471": "prescription_date",
    "314": "disability_dates", "360": "disability_begin", "361": "disability_end", "297": "last_worked_date",
    "296": "return_to_work_date", "090": "care_assumed_date", "091": "care_relinquished_date",
    "444": "first_contact_date", "050": "repricer_received_date", "452": "appliance_date", "438": "similar_onset_date",
}  # fmt: skip
ADMISSION_HOUR, DISCHARGE_HOUR = "admission_hour", "discharge_hour"
# DTP01 in loop 2400.
LINE_DATES: Mapping[str, str] = {
    "471": "prescription_date", "607": "certification_revised_date", "463": "therapy_begin_date",
    "461": "last_certification_date", "304": "last_seen_date", "738": "hemoglobin_test_date",
    "739": "creatinine_test_date", "011": "shipped_date", "455": "last_xray_date", "454": "initial_treatment_date",
    "866": "examination_date", "441": "prior_placement_date", "446": "replacement_date", "452": "appliance_date",
    "196": "treatment_start_date", "198": "treatment_end_date",
}  # fmt: skip
CLAIM_AMOUNTS: Mapping[str, str] = {"F3": "patient_responsibility", "F5": "patient_paid", "A8": "noncovered_amount"}
LINE_AMOUNTS: Mapping[str, str] = {
    "T": "sales_tax", "F4": "postage_claimed", "GT": "service_tax", "N8": "facility_tax",
}  # fmt: skip
# Positions of CLM that have no field.
CLM_POSITIONS: Mapping[int, str] = {
    6: "provider_signature", 7: "accepts_assignment", 8: "benefits_assigned", 9: "information_release",
    10: "patient_signature_source", 11: "related_causes", 12: "special_program", 16: "participation_agreement",
    18: "explanation_wanted", 19: "claim_submission_reason", 20: "delay_reason",
}  # fmt: skip
# SBR of loop 2000B.
SBR_POSITIONS: Mapping[int, str] = {
    1: "payer_responsibility", 3: "group_number", 4: "group_name", 5: "insurance_type", 9: "claim_filing",
}  # fmt: skip
RELATIONSHIP_CODE = "relationship_code"
CL1_POSITIONS: Mapping[int, str] = {1: "admission_type", 2: "admission_source", 3: "patient_status"}
# HI: composites as they are, one after the other. Diagnoses and the DRG are fields.
HI_LISTS: Mapping[str, str] = {
    "BR": "principal_procedure", "BBR": "principal_procedure", "CAH": "principal_procedure",
    "BQ": "other_procedures", "BBQ": "other_procedures", "BP": "anesthesia_procedures", "BO": "anesthesia_procedures",
    "BI": "occurrence_spans", "BH": "occurrences", "BE": "value_codes", "BG": "condition_codes",
    "TC": "treatment_codes",
}  # fmt: skip
PRESENT_ON_ADMISSION = "present_on_admission"
DRG_DETAILS = "drg_details"
# Whole segments of loop 2300, the elements after the name; repeated ones as a list.
CLAIM_SEGMENTS: Mapping[str, str] = {
    "K3": "fixed_format", "CN1": "contract", "HCP": "repricing", "CR1": "ambulance_transport",
    "CR2": "spinal_manipulation", "CR3": "equipment_certification", "CR5": "oxygen_therapy", "CR6": "home_health",
    "CRC": "condition_indicators", "DN1": "orthodontics", "DN2": "tooth_status",
}  # fmt: skip
# Whole segments of loop 2400.
LINE_SEGMENTS: Mapping[str, str] = {
    "K3": "fixed_format", "CN1": "contract", "HCP": "repricing", "CR1": "ambulance_transport",
    "CR2": "spinal_manipulation", "CR3": "equipment_certification", "CR5": "oxygen_therapy",
    "CRC": "condition_indicators", "SV5": "equipment", "PWK": "attachments", "MEA": "measurements",
    "PS1": "purchased_service", "CTP": "drug_pricing",
}  # fmt: skip
DRUG = "drug_ndc"
FORMS = "forms"
TEETH = "teeth"
ATTACHMENT = "attachment"
# Positions of SV1, SV2, SV3 that have no field.
SV1_POSITIONS: Mapping[int, str] = {9: "emergency", 11: "epsdt", 12: "family_planning", 15: "copay_status"}
SV2_POSITIONS: Mapping[int, str] = {6: "unit_rate", 7: "noncovered_charge"}
SV3_POSITIONS: Mapping[int, str] = {4: "oral_cavity", 5: "prosthesis"}
UNIT, CODE_QUALIFIER, DESCRIPTION, CODE_RANGE_END = "unit", "code_qualifier", "description", "code_range_end"
# BHT06 and BHT02 where they are not CH and 00, nor RP, which is a field (sources/x12/header.py).
TRANSACTION_TYPE, TRANSACTION_PURPOSE = "transaction_type", "transaction_purpose"
# Prefixes of people and organizations; then a dot and one of PARTY_SUFFIXES, or `ref.<REF01>`.
PATIENT, SUBSCRIBER, BILLING, PAYER = "patient", "subscriber", "billing", "payer"
# NM101 of loops 2310 and 2420 as roles: those of the claim are other_providers, those of a line attributes.
ROLES: Mapping[str, str] = {
    "82": "rendering", "DN": "referring", "P3": "primary_care", "77": "facility", "DQ": "supervising",
    "DK": "ordering", "71": "attending", "72": "operating", "ZZ": "other_operating", "DD": "assistant_surgeon",
    "PW": "ambulance_pickup", "45": "ambulance_dropoff", "QB": "purchased_from",
}  # fmt: skip
# NM101 of further parties of loop 2000 as prefixes; an unknown one is party.<NM101>.
LEVEL_PARTIES: Mapping[str, str] = {"87": "pay_to", "PE": "pay_to_plan", "QD": "responsible"}
PARTY_SUFFIXES: Mapping[str, str] = {
    "last_name": "NM103 of a person", "first_name": "NM104", "middle_name": "NM105", "suffix": "NM107",
    "more_names": "N2", "address": "N301, N302, N401 to N407", "contact": "PER", "taxonomy": "PRV03 with PRV02 PXC",
    "specialty": "PRV that is no taxonomy", "nm1": "NM1 from NM102 on, where the party has no field",
    "number": "NM109", "number_qualifier": "NM108 that is not MI", "birth_date": "DMG02", "sex": "DMG03",
    "demographics": "DMG where it holds more", "death_date": "PAT06", "weight": "PAT08, after PAT07 if not 01",
    "pregnant": "PAT09", "status": "PAT02 to PAT04", "name": "NM103 of a payer", "id_qualifier": "NM108 that is not PI",
}  # fmt: skip
# Loop 2320 and 2430, after other_payer.<place in other_payers>. ; parties of 2330 add `.<role>.` and a suffix.
OTHER_PAYER = "other_payer"
OTHER_PAYER_SUFFIXES: Mapping[str, str] = {
    "subscriber": "SBR", "adjustments": "CAS, where a quantity or more stands in one", "insurance": "OI",
    "inpatient_remarks": "MIA", "outpatient_remarks": "MOA", "demographics": "DMG", "paid_date": "DTP*573",
    "decision": "SVD from SVD03 on", "insured.nm1": "NM1*IL from NM102 on",
}  # fmt: skip
# Patterns for what no table knows; the part in angles is a code of X12.
PATTERNS: Mapping[str, str] = {
    "ref.<REF01>": "REF", "date.<DTP01>": "DTP", "amount.<AMT01>": "AMT", "quantity.<QTY01>": "QTY",
    "note.<NTE01>": "NTE", "hi.<qualifier>": "HI", "segment.<name>": "any other segment", "clm.<position>": "CLM",
    "sbr.<position>": "SBR", "cl1.<position>": "CL1", "sv1.<position>": "SV1",
    "sv2.<position>": "SV2", "sv3.<position>": "SV3",
    "party.<NM101>.<suffix>": "NM1 of a party that no loop knows",
}  # fmt: skip
