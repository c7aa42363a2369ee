"""监督: infringement cases, inspections, complaints, incidents, and how well the clocks are kept."""
