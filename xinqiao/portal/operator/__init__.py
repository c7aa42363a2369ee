"""For the platform's operators: ids, counts and events; never a value from anybody's file."""
