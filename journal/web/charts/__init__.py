"""Days become drawings and tables of the same numbers. Plain values in, plain values out: no web framework inside."""
