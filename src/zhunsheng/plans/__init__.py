"""A bureau's year (年度档案): tasks, targets, budget, projects, management facts. Pure."""
