"""What the runtime measures about itself."""

from prometheus_client import Counter, Gauge, Histogram

stage_records_total = Counter("claims_stage_records_total", "Records that a stage processed.", ["stage"])
stage_dead_letters_total = Counter("claims_stage_dead_letters_total", "Records set aside by a stage.", ["stage"])
stage_batch_records = Histogram(
    "claims_stage_batch_records", "Records of one transaction.", ["stage"], buckets=(1, 3, 10, 30, 100, 300, 1000, 2000)
)
stage_decide_seconds_total = Counter("claims_stage_decide_seconds_total", "Time spent deciding.", ["stage"])
stage_commit_seconds = Histogram(
    "claims_stage_commit_seconds", "Time to commit one transaction.", ["stage"], buckets=(0.005, 0.02, 0.1, 0.5, 2, 10)
)
# Ledgers, histories and lists of one key grow with what is claimed under it; a stage cannot write over 8,000,000 bytes.
stage_state_record_bytes = Histogram(
    "claims_stage_state_record_bytes",
    "Largest record that a transaction wrote to the state.",
    ["stage"],
    buckets=(1_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 4_000_000),
)
stage_sessions_open = Gauge("claims_stage_sessions_open", "Partitions that this worker owns.", ["stage"])


def batch_done(stage: str, records: int, largest_bytes: int, decide_seconds: float, commit_seconds: float) -> None:
    """Count a committed batch; `largest_bytes` is the size of the largest record that it wrote to the state."""
    stage_state_record_bytes.labels(stage).observe(largest_bytes)
    stage_records_total.labels(stage).inc(records)
    stage_batch_records.labels(stage).observe(records)
    stage_decide_seconds_total.labels(stage).inc(decide_seconds)
    stage_commit_seconds.labels(stage).observe(commit_seconds)
