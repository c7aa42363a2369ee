"""What may follow what, in cases, inspections, complaints and incidents; how figures are published. Pure."""
