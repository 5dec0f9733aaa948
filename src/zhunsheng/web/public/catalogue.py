"""The catalogue of the open data for machines (DCAT as JSON-LD)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zhunsheng.workflow.releasing.open_data import MEDIA_TYPES, TABLES, OpenTable

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "spdx": "http://spdx.org/rdf/terms#",
}
Address = Callable[..., str]


def catalogue_data(
    root: str, years: Iterable[tuple[str, Mapping[str, Any]]], address: Address
) -> dict[str, Any]:
    """The catalogue.

    Args:
        root: address of the catalogue itself.
        years: code and content of each public year.
        address: gives the full address of a file: `address(code, name)`, of a year's data page: `address(code)`.
    """
    return {
        "@context": _CONTEXT,
        "@id": root,
        "@type": "dcat:Catalog",
        "dct:title": _zh("预算绩效信息公开目录"),
        "dct:description": _zh("已公开年度的绩效指标、得分和预算执行数据。"),
        "dct:language": "zh-Hans",
        "dcat:dataset": [
            _dataset(code, content, table, address) for code, content in years for table in TABLES
        ],
    }


def _zh(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "zh"}


def _day(text: str) -> dict[str, str]:
    return {"@value": text, "@type": "xsd:date"}


def _dataset(code: str, content: Mapping[str, Any], table: OpenTable, address: Address) -> dict[str, Any]:
    year = content["year"]
    return {
        "@id": f"{address(code)}#{table.name}",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{code}/{table.name}",
        "dct:title": _zh(f"{content['publisher']['name']}{year}年度{table.title}"),
        "dct:description": _zh(table.description),
        "dct:issued": _day(content["released"]),
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": content["publisher"]["name"]},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(f"{year}-01-01"),
            "dcat:endDate": _day(f"{year}-12-31"),
        },
        "dcat:landingPage": {"@id": address(code)},
        "dcat:version": str(content["number"]),
        "dcat:distribution": [
            _distribution(code, content, each, address)
            for each in content["files"]
            if each["name"] in _names(table)
        ],
    }


def _names(table: OpenTable) -> tuple[str, ...]:
    return (f"{table.name}.csv", f"{table.name}.json", "indicators.xlsx")


def _distribution(
    code: str, content: Mapping[str, Any], file: Mapping[str, Any], address: Address
) -> dict[str, Any]:
    name = str(file["name"])
    described = (
        {"dct:conformsTo": {"@id": address(code, f"{name}-metadata.json")}} if name.endswith(".csv") else {}
    )
    return {
        "@type": "dcat:Distribution",
        "dct:title": _zh(name),
        "dcat:accessURL": {"@id": address(code)},
        "dcat:downloadURL": {"@id": address(code, name)},
        "dcat:mediaType": MEDIA_TYPES[name.rpartition(".")[2]].partition(";")[0],
        "dcat:byteSize": file["size"],
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": file["sha256"],
        },
        "dct:license": {"@id": content["licence"]["url"]},
        **described,
    }
