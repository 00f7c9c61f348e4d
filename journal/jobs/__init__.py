"""The clock's side: what runs by itself. It asks the time, commits, and leaves every decision to services."""
