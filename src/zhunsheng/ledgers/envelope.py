"""What every ledger has besides its own fields: the body responsible, the area, where the record came from."""

from zhunsheng.ledgers.field import FieldDefinition, FieldType

ENVELOPE = (
    FieldDefinition(
        "org_code",
        "责任单位",
        FieldType.REFERENCE,
        required=True,
        target="org",
        description="负责该记录的局、处室（科）、所或直属单位的编码；整批相同时可在导入时一次给出。",
        aliases=("单位编码", "所属单位", "填报单位", "org"),
    ),
    FieldDefinition(
        "area_code",
        "行政区划",
        FieldType.REFERENCE,
        target="area",
        description="六位、九位或十二位区划代码。",
        aliases=("区划", "区划代码", "所在区域"),
    ),
    FieldDefinition(
        "source_no",
        "来源编号",
        FieldType.TEXT,
        length=64,
        description="记录在来源系统中的编号；来源系统在导入时给出，二者合起来唯一。",
        aliases=("原系统编号",),
    ),
    FieldDefinition(
        "evidence_ids",
        "佐证材料",
        FieldType.LIST,
        target="evidence",
        description="佐证材料的编号，多个用顿号或分号分开。",
        aliases=("佐证", "附件编号"),
    ),
    FieldDefinition(
        "reviewed_by",
        "复核人",
        FieldType.REFERENCE,
        target="staff",
        description="复核人员的编号，不得与填报人相同。",
        aliases=("审核人",),
    ),
)
"""The fields added to a ledger that does not declare them itself."""

UNCARRIED = frozenset({"area", "org", "calendar", "code_list", "deadline_rule", "population"})
"""Reference lists: they describe the surroundings of records and carry no envelope of their own."""
