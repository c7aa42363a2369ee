"""命令: the way in for operators and scripts. A command parses, calls one verb, prints."""
