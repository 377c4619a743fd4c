"""The bodies that issue documents: their names in words, their codes in numbers, their provinces. Nothing here decides which body issued a
document; `context/issuer_choice.py` does."""
