"""机构与人员: who takes part. Institutions and their agreements, people and their roles, the programs that call us."""
