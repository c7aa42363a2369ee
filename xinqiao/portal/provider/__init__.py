"""For a source's clerk: what is due, handing in, what must be mended; for its officer, asking by law."""
