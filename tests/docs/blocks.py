"""Commands of the fenced blocks of a page."""

import re

PYTHON = re.compile(r"^```python\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^```sh\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[str]:
    """Command lines as a shell would read them, continued lines joined, without comments."""
    found: list[str] = []
    for block in FENCE.finditer(text):
        whole = block["body"].replace("\\\n", " ").splitlines()
        found += [line.strip() for line in whole if line.strip() and not line.lstrip().startswith("#")]
    return found


def programs(text: str) -> list[str]:
    """Python of the fenced blocks of a page."""
    return [block["body"] for block in PYTHON.finditer(text)]
