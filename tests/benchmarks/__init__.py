"""What things cost, measured in one run: `make bench` prints tables and keeps them in `.bench/`."""
