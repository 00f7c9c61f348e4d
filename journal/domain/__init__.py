"""What is true of moods, sessions, reminders and consent. Pure values; standard library only."""
