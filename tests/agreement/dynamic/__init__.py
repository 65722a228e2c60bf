"""Models that both sides run, and what each side says of them."""
