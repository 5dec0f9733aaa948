"""Rubrics (评分体系): tree, rule types, proof of soundness. Pure."""
