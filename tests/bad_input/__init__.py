"""Bad input: every class of it, refused by real handlers with nothing stored."""
