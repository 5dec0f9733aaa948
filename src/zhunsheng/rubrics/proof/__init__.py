"""The proof that a rubric is sound, and the list of what is unknown in it.

For every pack: points add up, no code twice, bands cover their range without hole or overlap, scores
stay between 0 and the points, nothing can be divided by zero, better is never scored lower, every
indicator is gathered once, every rule gets inputs it can use. Because every rule is a finite set of
monotone pieces with exact ends, silence is a proof, not a sample.
"""

from zhunsheng.rubrics.proof.proving import Proof, prove

__all__ = ["Proof", "prove"]
