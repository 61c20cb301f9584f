"""Files of claims onto their topic: JSON lines in the shape of the API, and X12 837, streamed."""
