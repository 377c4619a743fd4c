"""Stage 1: finds the spans of a text that cite a document. One module for each kind of citation (numbered, short, named, standard), and what they
share: fast searches, type nouns, tables of documents."""
