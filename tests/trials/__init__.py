"""The service under fire: real processes, real databases, killed, paused and lied to; the world must end the same."""
