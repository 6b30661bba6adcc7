"""I/O: one module per port and technology, the only importers of drivers."""
