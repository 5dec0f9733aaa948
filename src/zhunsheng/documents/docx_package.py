"""An empty Word document without what a blank template brings along: faces, languages, lists, pictures."""

from datetime import UTC, datetime

import docx
from docx.document import Document as DocumentType
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from zhunsheng.documents.docx_styles import replace_styles
from zhunsheng.documents.printable import printable

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_UNWANTED_PARTS = {"stylesWithEffects", "customXml", "numbering", "webSettings", "fontTable", "thumbnail"}
_COMPATIBILITY = "http://schemas.microsoft.com/office/word"
# Word 2013 layout; punctuation may be squeezed as Chinese typesetting does
_SETTINGS = f"""
<w:settings {nsdecls("w")}>
  <w:zoom w:percent="100"/>
  <w:defaultTabStop w:val="640"/>
  <w:evenAndOddHeaders/>
  <w:drawingGridVerticalSpacing w:val="579"/>
  <w:characterSpacingControl w:val="compressPunctuation"/>
  <w:compat>
    <w:useFELayout/>
    <w:compatSetting w:name="compatibilityMode" w:uri="{_COMPATIBILITY}" w:val="15"/>
  </w:compat>
  <w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>
  <w:decimalSymbol w:val="."/>
  <w:listSeparator w:val=","/>
</w:settings>
"""


def empty_document(title: str, author: str) -> DocumentType:
    """A document with the styles and settings of the standard and fixed times, without content."""
    document = docx.Document()
    for relations in (document.part.rels, document.part.package.rels):
        for key in [key for key, each in relations.items() if each.reltype.split("/")[-1] in _UNWANTED_PARTS]:
            relations.pop(key)
    replace_styles(document.styles.element)
    settings = document.settings.element
    for child in list(settings):
        settings.remove(child)
    for child in list(parse_xml(_SETTINGS)):
        settings.append(child)
    properties = document.core_properties
    properties.title, properties.author = printable(title)[:255], printable(author)[:255]
    properties.created = properties.modified = _EPOCH
    properties.language, properties.last_modified_by, properties.comments = "zh-CN", "", ""
    return document
