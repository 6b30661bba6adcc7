"""One module per revision. A released revision is never edited; a new one is added."""
