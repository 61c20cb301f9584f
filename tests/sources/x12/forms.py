"""A small institutional and a small dental claim, and segments put into a professional one."""

from tests.sources.x12.small import BILLING, CLAIM, HEAD, LINES, SUBSCRIBER, file_of

STAY = (
    "CLM*I-1*1500***11:A:1**A*Y*Y",
    "DTP*096*TM*1130",
    "DTP*434*RD8*20260501-20260505",
    "DTP*435*DT*202605010915",
    "CL1*1*7*01",
    "HI*ABK:I214:::::::Y",
    "HI*ABJ:R079",
    "HI*DR:280",
    "HI*ABF:E119:::::::N*ABF:I10",
    "HI*BBR:02703ZZ:D8:20260502",
    "HI*BBQ:4A023N7:D8:20260503*BBQ:B2111ZZ:D8:20260503",
    "HI*BI:74:RD8:20260502-20260503",
    "HI*BH:11:D8:20260430",
    "HI*BE:A1:::132.5*BE:80:::4",
    "HI*BG:C5*BG:71",
    "NM1*71*1*HART*ELLEN****XX*1245319599",
    "PRV*AT*PXC*207RC0000X",
    "NM1*72*1*BLADE*IVAN****XX*1234567893",
)
STAY_LINES = (
    "LX*1",
    "SV2*120**1000*DA*4*250",
    "LX*2",
    "SV2*0250*HC:J1885*500*UN*2**12.5",
    "DTP*472*D8*20260502",
)
TEETH = (
    "CLM*D-1*320***11:B:1*Y*A*Y*Y",
    "DTP*472*D8*20260511",
    "DN1*24*6",
    "DN2*3*M",
    "HI*ABK:K0252",
)
TEETH_LINES = (
    "LX*1",
    "SV3*AD:D2392*200****1",
    "TOO*JP*14*M:O",
    "TOO*JP*15*D",
    "LX*2",
    "SV3*AD:D1110*120*11*10:20*I**DENTAL NOTE****1",
    "TOO*JP*3",
)


def with_guide(guide: str, *body: str) -> bytes:
    """A file for another guide than the professional one."""
    head = (*HEAD[:1], HEAD[1].replace("005010X222A1", guide), HEAD[2].replace("005010X222A1", guide), *HEAD[3:])
    return file_of(*body, start=head)


INSTITUTIONAL = with_guide("005010X223A2", *BILLING, *SUBSCRIBER, *STAY, *STAY_LINES)
DENTAL = with_guide("005010X224A2", *BILLING, *SUBSCRIBER, *TEETH, *TEETH_LINES)


def with_claim(*segments: str) -> bytes:
    """A professional claim with these segments before its lines."""
    return file_of(*BILLING, *SUBSCRIBER, *CLAIM, *segments, *LINES)


def with_line(*segments: str) -> bytes:
    """A professional claim with these segments at the end of its first line."""
    return file_of(*BILLING, *SUBSCRIBER, *CLAIM, *LINES[:3], *segments, *LINES[3:])


def with_levels(billing: tuple[str, ...] = (), subscriber: tuple[str, ...] = (), last: tuple[str, ...] = ()) -> bytes:
    """A professional claim with these segments after NM1*85, after NM1*IL, and at the end of 2000B."""
    return file_of(
        *BILLING[:2], *billing, *BILLING[2:], *SUBSCRIBER[:3], *subscriber, *SUBSCRIBER[3:], *last, *CLAIM, *LINES
    )
