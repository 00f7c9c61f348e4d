"""HTTP in and out: text becomes values, values become pages. What may be done is decided below."""
