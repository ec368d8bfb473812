"""What EventBridge does, as plain functions over immutable values: no I/O, no clock, no randomness."""
