"""What `./dev bench` measures: the program against floors of the same machine, driven in turn. Never a timed test."""
