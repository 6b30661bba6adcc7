"""What Reprise consists of in the cloud; it knows the project's paths, never its code."""
