"""What the API answers, as models: one for each object, named as the document names it."""
