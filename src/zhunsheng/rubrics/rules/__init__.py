"""Rule types: each with its parameters, its judgement and its proof."""
