"""A case as one Excel workbook: template, writing and reading.

The sister adapter of the case directory: both turn files into the same located rows, and the same
reader makes the case of them.
"""

from zhunsheng.documents.workbook_reading import read_case_workbook
from zhunsheng.documents.workbook_template import write_template
from zhunsheng.documents.workbook_writing import write_case_workbook

__all__ = ["read_case_workbook", "write_case_workbook", "write_template"]
