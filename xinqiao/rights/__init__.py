"""权益: what a business can do about what is held on it: object, be heard in time, repair, and have all told."""
