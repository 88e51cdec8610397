"""The page of a case: where it stands, and a form for each thing that can be done in it."""
