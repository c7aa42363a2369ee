"""What rights decide, without a database: objections, papers, repairs, annulled acts."""
