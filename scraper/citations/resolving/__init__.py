"""Stage 3: resolves a citation to one document, to several candidates, or to none. The known documents are an argument."""
