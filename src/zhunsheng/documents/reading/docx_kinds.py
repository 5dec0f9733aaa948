"""What can be wrong with a Word document that is to be read."""

from typing import Final

from zhunsheng.kernel.problem import Kind, Severity

_SAVE_AGAIN: Final = "在 Word 或 WPS 中打开，另存为“Word 文档（*.docx）”后重试。"

NOT_WORD = Kind("READ-020", Severity.ERROR, "内容不是 Word 文档（.docx）", _SAVE_AGAIN)
ENCRYPTED = Kind("READ-021", Severity.ERROR, "不能读取设有打开密码的 Word 文档", "取消打开密码，保存后重试。")
OLD_FORMAT = Kind("READ-022", Severity.ERROR, "不支持旧版 .doc 格式", _SAVE_AGAIN)
DAMAGED = Kind(
    "READ-023",
    Severity.ERROR,
    "Word 文档已损坏，不能读取",
    "在 Word 或 WPS 中打开（选择修复），另存后重试。",
)
BOMB = Kind(
    "READ-024",
    Severity.ERROR,
    "压缩内容异常或过大的 Word 文档不予读取",
    "确认文件来源；把正文复制到新文档中保存后重试。",
)
UNSAFE_XML = Kind(
    "READ-025",
    Severity.ERROR,
    "不接收内部含文档类型或实体声明的 Word 文档",
    "确认文件来源；" + _SAVE_AGAIN,
)
PART_DAMAGED = Kind(
    "READ-026",
    Severity.WARNING,
    "Word 文档的一个部分不能读取，相应内容没有核对",
    "在 Word 或 WPS 中打开，另存后重试；或人工核对该部分。",
)
MACRO = Kind("READ-027", Severity.NOTE, "Word 文档带有宏", "宏没有运行，也不会写出；请确认文件来源。")
EXTERNAL = Kind(
    "READ-028",
    Severity.NOTE,
    "Word 文档引用外部文件，引用的内容没有读取",
    "需要核对时，把外部内容嵌入文档后重试。",
)
TRACKED = Kind(
    "READ-029",
    Severity.NOTE,
    "Word 文档含未接受的修订，按全部接受后的文字核对",
    "确认修订后在“审阅”中接受或拒绝，再核对一次。",
)
HIDDEN = Kind(
    "READ-030",
    Severity.NOTE,
    "Word 文档含不显示的文字，没有核对",
    "正式报送前删除隐藏文字，或取消隐藏后重新核对。",
)
NOT_READ = Kind(
    "READ-031",
    Severity.NOTE,
    "图片、图表和嵌入对象中的文字没有读取",
    "其中的数字请人工核对，或改为文字、表格后重试。",
)
IMPORTED = Kind(
    "READ-032",
    Severity.WARNING,
    "Word 文档插入了其他文件的内容，这些内容没有读取",
    "在 Word 中打开并另存，插入的内容会成为正文；然后重试。",
)
TORN = Kind(
    "READ-033",
    Severity.NOTE,
    "Word 文档的段落按行断开，可能由 PDF 转换而来",
    "有原 Word 文档或 PDF 时改用原件核对，结果更可靠。",
)
NO_TEXT = Kind(
    "READ-034",
    Severity.WARNING,
    "Word 文档中没有可读的文字",
    "正文若是图片，请改用文字版，或对扫描件做文字识别后重试。",
)
