"""Tables, and every question asked of them. One file per noun; queries leave as plain domain values."""
