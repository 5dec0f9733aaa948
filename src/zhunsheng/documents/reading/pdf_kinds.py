"""What can be wrong with a PDF that is to be read."""

from typing import Final

from zhunsheng.kernel.problem import Kind, Severity

_OTHER: Final = "改用原 Word、Excel 文件，或由原文件重新导出的 PDF 核对。"

PROTECTED = Kind("READ-040", Severity.ERROR, "不能读取设有打开密码的 PDF", "取消打开密码，保存后重试。")
DAMAGED = Kind("READ-041", Severity.ERROR, "PDF 已损坏，不能读取", "重新取得文件；或" + _OTHER)
NO_TEXT = Kind(
    "READ-042",
    Severity.ERROR,
    "页面没有文字（可能是扫描件），这些页没有核对",
    "允许文字识别后重试；或" + _OTHER,
)
GARBLED = Kind(
    "READ-043",
    Severity.ERROR,
    "页面文字的编码缺失或错误，取出的是乱码，这些页没有核对",
    "允许文字识别后重试；或" + _OTHER,
)
RECOGNISED = Kind(
    "READ-044",
    Severity.NOTE,
    "页面经文字识别读取，可能有误",
    "报出的问题请先与原页对照，再作修改。",
)
NO_RECOGNITION = Kind(
    "READ-045",
    Severity.ERROR,
    "页面需要文字识别，但识别没有完成，这些页没有核对",
    "按安装说明补装文字识别组件；或" + _OTHER,
)
SWELLS = Kind(
    "READ-052",
    Severity.ERROR,
    "页面内容过大或压缩异常的 PDF 不予读取",
    "确认文件来源；在 PDF 阅读软件中打开，打印为新的 PDF 后重试。",
)
CUT_OFF = Kind("READ-046", Severity.ERROR, "PDF 超过读取上限，其余部分没有核对", "拆成几个文件分别核对。")
PAGE_DAMAGED = Kind(
    "READ-047", Severity.ERROR, "PDF 的个别页面不能读取，没有核对", "重新取得文件，或人工核对这些页。"
)
ACTIVE = Kind(
    "READ-048",
    Severity.NOTE,
    "PDF 带有脚本或附件，脚本没有运行，附件没有打开",
    "请确认文件来源；附件需要核对时，取出后单独核对。",
)
SLANTED = Kind(
    "READ-049", Severity.NOTE, "斜排的文字（多为水印）没有核对", "如斜排的是报告内容，请人工核对。"
)
EMPTY = Kind("READ-050", Severity.WARNING, "PDF 中没有可读的文字", "确认选对了文件。")
PARTLY_GARBLED = Kind(
    "READ-051",
    Severity.WARNING,
    "个别字符没有对应的文字，以“�”代替",
    "对照原页核对这些位置；或" + _OTHER,
)
