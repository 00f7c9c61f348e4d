"""Acts: one public function per thing a person or a job can do. They never commit and never ask the time."""
