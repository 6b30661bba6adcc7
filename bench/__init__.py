"""Benchmarks: each compares us with a reference measured in the same run, on real servers."""
