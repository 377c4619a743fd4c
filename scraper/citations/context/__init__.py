"""Stage 2: parses the text around a citation, its pre-context and post-context: date of issue, issuer, title, relation, rows of a table.
A field that the text does not state is None."""
