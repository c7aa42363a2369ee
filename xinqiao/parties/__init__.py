"""机构与人员: source departments, access institutions, people, roles, agreements."""
