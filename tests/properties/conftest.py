"""How long the properties look: a minute with every run, hours at night (CLAIMS_PROPERTIES=night)."""

import os

from hypothesis import HealthCheck, settings

PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile("daily", max_examples=150, deadline=None, suppress_health_check=PATIENT, derandomize=True)
settings.register_profile("night", max_examples=20_000, deadline=None, suppress_health_check=PATIENT)
settings.load_profile(os.environ.get("CLAIMS_PROPERTIES", "daily"))
