"""`zhunsheng ledger`: the ledgers, importing into them, their records."""

import click

from zhunsheng.cli.lazy import LazyGroup

_EPILOG = """\b
示例：
  zhunsheng ledger list                                     列出全部台账
  zhunsheng ledger template market_entity --out 模板.xlsx    取得填写模板
  zhunsheng ledger import market_entity 主体.xlsx --store 库 --dry-run   先核对，不入库
  zhunsheng ledger import market_entity 主体.xlsx --store 库 --yes       核对并入库
  zhunsheng ledger held list --store 库                     待核和等待的行
  zhunsheng ledger undo 12 --store 库                       撤销一批

退出码：0 无问题，1 有发现，2 用法不对，3 环境问题。
"""

_IMPORT = "zhunsheng.cli.ledger_import"
_RECORDS = "zhunsheng.cli.ledger_records"
_KEEPING = "zhunsheng.cli.ledger_keeping"
_CATALOGUE = "zhunsheng.cli.ledger_catalogue"


@click.group(
    "ledger",
    cls=LazyGroup,
    epilog=_EPILOG,
    commands_at={
        "list": (f"{_CATALOGUE}:list_command", "列出全部台账"),
        "show": (f"{_CATALOGUE}:show_command", "显示一个台账的字段、选项和检查"),
        "template": (f"{_CATALOGUE}:template_command", "生成填写用的 Excel 模板"),
        "import": (f"{_IMPORT}:import_command", "核对并导入文件或数据库查询的结果"),
        "held": ("zhunsheng.cli.ledger_held:held_group", "待核和等待引用的行：列表、入库、弃用"),
        "rows": (f"{_RECORDS}:rows_command", "查看在库记录"),
        "history": (f"{_RECORDS}:history_command", "一条记录的全部版本"),
        "export": (f"{_RECORDS}:export_command", "导出为 Excel 或 CSV"),
        "batches": (f"{_KEEPING}:batches_command", "各批导入和撤销"),
        "undo": (f"{_KEEPING}:undo_command", "撤销一批"),
        "verify": (f"{_KEEPING}:verify_command", "检查记录库是否完好"),
        "compact": (f"{_KEEPING}:compact_command", "合并小文件"),
        "backup": (f"{_KEEPING}:backup_command", "备份记录库"),
        "restore": (f"{_KEEPING}:restore_command", "从备份恢复"),
    },
)
def ledger_group() -> None:
    """业务台账：模板、导入、记录、历史。"""
