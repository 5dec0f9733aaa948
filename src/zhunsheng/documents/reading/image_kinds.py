"""What can be wrong with a picture that is to be read."""

from typing import Final

from zhunsheng.kernel.problem import Kind, Severity

_OTHER: Final = "改用原 Word、Excel、PDF 文件核对。"

DAMAGED = Kind(
    "READ-053", Severity.ERROR, "图片已损坏或格式异常，不能读取", "重新扫描或重新取得图片；或" + _OTHER
)
TOO_LARGE = Kind(
    "READ-054",
    Severity.ERROR,
    "图片尺寸过大，没有读取",
    "以 200 至 300 dpi 重新扫描，或缩小后重试；或" + _OTHER,
)
NO_RECOGNITION = Kind(
    "READ-055",
    Severity.ERROR,
    "图片需要文字识别，但识别没有完成，没有核对",
    "按安装说明补装文字识别组件；或" + _OTHER,
)
RECOGNISED = Kind(
    "READ-056",
    Severity.NOTE,
    "图片经文字识别读取，可能有误",
    "报出的问题请先与原图对照，再作修改。",
)
COARSE = Kind(
    "READ-057",
    Severity.WARNING,
    "图片分辨率低，数字可能认错或漏认",
    "以 200 dpi 以上重新扫描后重试；或" + _OTHER,
)
CUT_OFF = Kind("READ-058", Severity.ERROR, "图片超过读取上限，其余部分没有核对", "拆成几个文件分别核对。")
EMPTY = Kind(
    "READ-059",
    Severity.WARNING,
    "图片中没有识别出文字",
    "确认选对了文件、图片清晰且没有反色；或" + _OTHER,
)
