"""Made-up claims that look like real ones, the same for the same seed: `Spec`, `claims`, `pump`."""
