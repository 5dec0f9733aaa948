"""One action for each change of state: who may, in which state, what it does, what the trail says."""
