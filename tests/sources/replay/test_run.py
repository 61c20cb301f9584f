"""Replay: what is sent, what is told, what is set aside."""

import gzip
import io
import json
import stat
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from config.limits import JSON_LINE_BYTES_MAX
from config.settings import Settings
from schemas.edi import EdiReceived
from schemas.intake import dump_json, to_json
from schemas.topics import CLAIMS_SUBMITTED, EDI_ANSWERED, EDI_RECEIVED
from sources.generate.claims import claims
from sources.generate.spec import Spec
from sources.replay.formats import UnknownFormatError, format_of
from sources.replay.report import Summary
from sources.replay.run import Options, replay
from sources.submitter import BrokerAwayError
from tests.sources.fakes import CODEC, FakeProducer, submitter
from tests.sources.ncpdp import small as ncpdp
from tests.sources.x12.small import WHOLE

SETTINGS = Settings()
MADE = list(claims(Spec(members=50, count=30, repeated=0)))
LINES = [dump_json(to_json(claim)) for claim in MADE]


def run(tmp_path: Path, files: dict[str, bytes], options: Options, producer: FakeProducer) -> Summary:
    paths = []
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        paths.append(tmp_path / name)
    return replay(paths, SETTINGS, options, submitter=submitter(producer))


def test_claims_of_several_files_in_their_order(tmp_path: Path) -> None:
    producer = FakeProducer()
    files = {"a.jsonl": "\n".join(LINES).encode(), "b.edi": WHOLE}
    summary = run(tmp_path, files, Options(submitter_id="generator"), producer)
    assert (summary.files, summary.claims, summary.delivered, summary.complete) == (2, 31, 31, True)
    sent = producer.claims
    assert [claim.claim_id for claim in sent[:30]] == [claim.claim_id for claim in MADE]
    assert {claim.channel for claim in sent} == {"file", "edi"}
    assert len({claim.correlation_id for claim in sent}) == 31


def test_the_content_is_that_of_the_file(tmp_path: Path) -> None:
    producer = FakeProducer()
    run(tmp_path, {"a": "\r\n".join(LINES).encode()}, Options(submitter_id="generator"), producer)
    for first, sent in zip(MADE, producer.claims, strict=True):
        assert (sent.lines, sent.total_charge, sent.member) == (first.lines, first.total_charge, first.member)


def test_a_dry_run_sends_nothing_and_needs_no_broker(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(WHOLE)
    summary = replay([tmp_path / "a"], SETTINGS, Options(dry_run=True))
    assert (summary.claims, summary.sent, summary.complete) == (1, 0, True)


def test_a_bad_line_stops_no_other_and_is_set_aside(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.jsonl"
    data = f'{LINES[0]}\n\n{{"claimNumber": "X-1"}}\nnonsense\n{LINES[1]}\n'.encode()
    producer = FakeProducer()
    summary = run(tmp_path, {"a": data}, Options(rejects=rejects), producer)
    assert (summary.claims, summary.sent, summary.unsent, summary.complete) == (4, 2, 2, False)
    assert [(shown.place.split(",")[0], shown.code) for shown in summary.first][-1] == ("line 4", "not_json")
    first, second = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert (first["place"], first["claimNumber"], second["line"]) == (3, "X-1", "nonsense")
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600, "claims are personal"


def test_a_line_without_end_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    data = LINES[0].encode() + b"\n{" + b"x" * (2 * JSON_LINE_BYTES_MAX + 10) + b"\n" + LINES[1].encode()
    producer = FakeProducer()
    summary = run(tmp_path, {"a": data}, Options(), producer)
    assert (summary.sent, list(summary.findings)) == (2, ["line_too_long"])
    assert summary.first[0].place == "line 2"


def test_what_is_not_confirmed_is_counted(tmp_path: Path) -> None:
    summary = run(tmp_path, {"a": "\n".join(LINES).encode()}, Options(), FakeProducer(left=3))
    assert (summary.delivered, summary.failed, summary.complete) == (27, 3, False)


def test_a_full_queue_slows_the_reading(tmp_path: Path) -> None:
    producer = FakeProducer(full=5)
    summary = run(tmp_path, {"a": LINES[0].encode()}, Options(), producer)
    assert (summary.sent, producer.polls) == (1, 5)


def test_a_rate_is_not_exceeded(tmp_path: Path) -> None:
    summary = run(tmp_path, {"a": "\n".join(LINES).encode()}, Options(rate=100), FakeProducer())
    assert summary.seconds >= 0.29


def test_a_broken_file_is_named_and_the_next_one_read(tmp_path: Path) -> None:
    files = {"letter.txt": b"Dear Sirs", "cut.edi": WHOLE[: WHOLE.index(b"\nSE*")], "whole.edi": WHOLE}
    summary = run(tmp_path, files, Options(), FakeProducer())
    assert (summary.sent, summary.unsent, summary.unread_files) == (1, 1, ["letter.txt", "cut.edi"])
    assert {"UNKNOWN_FORMAT", "TRUNCATED", "SE_MISSING", "IEA_MISSING"} <= set(summary.findings)


def test_without_a_broker_nothing_is_read(tmp_path: Path) -> None:
    with pytest.raises(BrokerAwayError):
        run(tmp_path, {"a": WHOLE}, Options(), FakeProducer(away=True))


def test_a_pharmacy_file_beside_one_of_x12(tmp_path: Path) -> None:
    producer = FakeProducer()
    files = {"a.ncpdp": ncpdp.batch(ncpdp.body(ncpdp.WHOLE, ncpdp.WHOLE)), "b.edi": WHOLE}
    summary = run(tmp_path, files, Options(), producer)
    assert [report.formats for report in summary.reports] == [["ncpdp"], ["x12"]]
    assert [claim.form for claim in producer.claims] == ["pharmacy", "pharmacy", "professional"]


def test_an_archive_of_several_formats(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in (("a.edi", WHOLE), ("b.jsonl", LINES[0].encode()), ("c.txt", b"Dear Sirs")):
            archive.writestr(name, data)
    summary = run(tmp_path, {"a.zip": made.getvalue()}, Options(), FakeProducer())
    assert (summary.sent, summary.reports[0].formats, summary.reports[0].status) == (
        2, ["x12", "json_lines"], "unreadable",
    )  # fmt: skip
    assert summary.first[-1].file == "a.zip: c.txt"


def test_a_file_that_is_packed_and_damaged_is_sent_as_far_as_it_goes(tmp_path: Path) -> None:
    producer = FakeProducer()
    files = {"a.gz": gzip.compress("\n".join(LINES).encode())[:-8], "b.edi": WHOLE}
    summary = run(tmp_path, files, Options(), producer)
    assert dict(summary.findings) == {"PACKED_TRUNCATED": 1}
    assert (summary.unread_files, summary.sent >= 29) == (["a.gz"], True)


def test_answers_are_written_and_go_with_the_claims(tmp_path: Path) -> None:
    producer = FakeProducer()
    summary = run(tmp_path, {"a.edi": WHOLE}, Options(answers=tmp_path / "answers"), producer)
    names = sorted(path.name for path in (tmp_path / "answers").iterdir())
    assert sorted(summary.reports[0].answers) == names
    assert sorted(name.split(".")[-2] for name in names) == ["999", "ta1"]
    assert Counter(topic for topic, _, _, _ in producer.records) == {
        CLAIMS_SUBMITTED: 1, EDI_RECEIVED: 1, EDI_ANSWERED: 2,
    }  # fmt: skip


def test_no_answer_is_written_that_the_broker_does_not_have(tmp_path: Path) -> None:
    run(tmp_path, {"a.edi": WHOLE}, Options(answers=tmp_path / "answers"), FakeProducer(left=1))
    assert not (tmp_path / "answers").exists()


def test_a_claim_that_no_record_holds_is_set_aside_and_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.submitter.RECORD_BYTES_MAX", 100)
    producer = FakeProducer()
    summary = run(tmp_path, {"a.edi": WHOLE}, Options(rejects=tmp_path / "rejects"), producer)
    assert (summary.sent, summary.unsent, summary.reports[0].status) == (0, 1, "incomplete")
    assert summary.findings["CLAIM_TOO_LARGE"] == 1
    assert json.loads((tmp_path / "rejects").read_text())["claimNumber"] == "A-1"
    [received] = [value for topic, value, _, _ in producer.records if topic == EDI_RECEIVED]
    assert [claim.refused_for for claim in CODEC.decode(EdiReceived, received).claims] == [("CLAIM_TOO_LARGE",)]


def test_a_file_that_is_gone_or_closed_to_us_is_told(tmp_path: Path) -> None:
    summary = replay([tmp_path / "gone.edi"], SETTINGS, Options(dry_run=True))
    assert [(shown.file, shown.code) for shown in summary.first] == [("gone.edi", "FILE_UNREADABLE")]


def test_public_files_are_read_whole(shared_data: Path) -> None:
    """258 claims in 58 files, as who gathered them counted; in other folders stands what holds no claims."""
    folders = [shared_data / "x12" / name for name in ("837p", "837i", "837d", "malformed", "legacy-4010")]
    summary = replay(folders, SETTINGS, Options(dry_run=True))
    assert (summary.files, summary.claims, summary.unread_files) == (58, 258, [])


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"", "empty"),
        (b"[{", "one claim a line"),
        (b'{\n  "claimNumber": "A",\n', "spread over several lines; write one claim a line, as `jq -c .` does"),
        (b'{"claimNumber": "A",\r\n "memberId": "M",', "spread over several lines"),
        (b'{"items": [\n  1]\n}', "spread over several lines"),
        (b"GS*HC", "whole interchange"),
        (b"PK\x03\x04", "unpack"),
        (b"<xml>", "neither"),
    ],
)
def test_other_formats_are_named(start: bytes, words: str) -> None:
    with pytest.raises(UnknownFormatError, match=words):
        format_of(start)


@pytest.mark.parametrize(
    ("start", "form"),
    [
        (b"ISA*00*", "x12"),
        (b"\xef\xbb\xbf\r\nISA*", "x12"),
        (b"\xff\xfeI\0S\0A\0", "x12"),
        (b' \n{"a', "json_lines"),
        (b"{", "json_lines"),
        (b'{"claimNumber": "A"},\n{"claimNumber": "B"},\n', "json_lines"),
        (b'{\n{"claimNumber": "B"}\n', "json_lines"),
        (b"\x0200T" + b" " * 24, "ncpdp"),
        (ncpdp.HEADER.encode(), "ncpdp"),
        (b"\xef\xbb\xbf{", "json_lines"),
    ],
)
def test_formats(start: bytes, form: str) -> None:
    assert format_of(start) == form
