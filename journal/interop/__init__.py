"""File and wire formats: bytes in, plain values out, and back. No database, no web; standard library only."""
