"""Data element reference numbers (IK402) of the positions that findings name: numbers of X12 005010, no texts."""

REFERENCE_NUMBERS = {
    "BHT02": "353", "BHT03": "127", "CLM01": "1028", "CLM02": "782", "CLM05": "C023", "CLM05-1": "1331",
    "CLM05-2": "1332", "CLM05-3": "1325", "CLM19": "1383", "DMG02": "1251", "DMG03": "1068", "DTP01": "374",
    "DTP02": "1250", "DTP03": "1251", "HI01": "C022", "HI01-1": "1270", "HI01-2": "1271", "HL01": "628", "HL02": "734",
    "HL03": "735", "HL04": "736", "LX01": "554", "NM101": "98", "NM102": "1065", "NM103": "1035", "NM108": "66",
    "NM109": "67", "PAT01": "1069", "REF01": "128", "REF02": "127", "SBR01": "1138", "SBR02": "1069", "SBR09": "1032",
    "SE01": "96", "SE02": "329", "ST01": "143", "ST02": "329", "ST03": "1705", "SV101": "C003", "SV101-1": "235",
    "SV101-2": "234", "SV102": "782", "SV103": "355", "SV104": "380", "SV105": "1331", "SV107": "C004",
    "SV107-1": "1328", "SV201": "234", "SV202": "C003", "SV202-1": "235", "SV202-2": "234", "SV203": "782",
    "SV204": "355", "SV205": "380", "SV301": "C003", "SV301-1": "235", "SV301-2": "234", "SV302": "782",
    "SV306": "380",
}  # fmt: skip


def reference_number(position: str) -> str:
    """Of a position such as CLM05-1; empty where none is known (IK402 is optional)."""
    return REFERENCE_NUMBERS.get(position, "")
