"""Reports invented for measuring the audit, in three forms.

Figures that take part in a relation are marked with the kinds of relation; the wording is varied by the random source.
"""

from generated_bulletin import bulletin
from generated_final_account import final_account
from generated_self_evaluation import self_evaluation

FORMS = {"final_account": final_account, "self_evaluation": self_evaluation, "bulletin": bulletin}
