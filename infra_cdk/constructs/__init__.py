"""The nouns the stacks are made of: each takes values, exposes resources, and looks up no stage."""
