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
stage_sessions_open = Gauge("claims_stage_sessions_open", "Partitions that this worker owns.", ["stage"])


def batch_done(stage: str, records: int, decide_seconds: float, commit_seconds: float) -> None:
    """Count a committed batch."""
    stage_records_total.labels(stage).inc(records)
    stage_batch_records.labels(stage).observe(records)
    stage_decide_seconds_total.labels(stage).inc(decide_seconds)
    stage_commit_seconds.labels(stage).observe(commit_seconds)
