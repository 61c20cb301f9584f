"""Two sample payers: reference data in the format of `claims reference load`; README.md beside this says all of it."""
