"""Characters that PDF fonts give in place of the one that is meant."""

import unicodedata
from typing import Final

# radicals that have no compatibility mapping of their own, and the characters they stand for
_RADICALS: Final = (
    "⺁厂⺄乙⺈刀⺊卜⺌小⺍小⺎兀⺏尤⺒巳⺓幺⺗心⺘手⺙攵⺛无⺜日⺝月⺟母⺠民⺡水⺢水⺣火⺤爪⺥爪⺦丬⺩王⺪疋⺫目⺬示⺭示"
    "⺮竹⺯糸⺰纟⺱网⺲罒⺳网⺵羊⺶羊⺷羊⺸羊⺹老⺺聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衣⻃西⻄西⻅见⻆角⻇角⻈讠⻉贝⻋车⻌辶⻍辶"
    "⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阜⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟食⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄"
    "⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龟⻲亀⻳龟"
)


def _meant() -> dict[str, str]:
    found = dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True))
    found |= {each: unicodedata.normalize("NFKC", each) for each in map(chr, range(0x2F00, 0x2FD6))}
    # the hyphen at the end of a line, and soft hyphens that are printed
    found |= {"\x02": "-", "\ufffe": "-", "\xad": "-"}
    # list marks of the Symbol and Wingdings fonts
    found |= dict.fromkeys("\uf0b7\uf0a7\uf06c\uf06e\uf075\uf076\uf0d8\uf09f\uf0a8", "•")
    return found | {"\uf0fc": "✓", "\uf0fe": "☑", "\uf052": "☑", "\uf0a3": "□", "\uf06f": "□"}


MEANT: Final = _meant()
