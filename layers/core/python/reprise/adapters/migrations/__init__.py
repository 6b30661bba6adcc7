"""Schema changes, oldest first, in the plain language of each store."""
