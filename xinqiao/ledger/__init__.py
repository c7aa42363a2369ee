"""防篡改: the one append-only log that every act which matters is written to, and how anybody can check it."""
