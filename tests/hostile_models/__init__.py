"""Models that attack the box they run in, through the work side as it runs: the real engine, the real image."""
