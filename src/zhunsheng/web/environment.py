"""Settings from the environment, read once and checked before anything starts."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlparse

_MOST_MEGABYTES = 10_000
ABOUT = ("name", "organiser", "contact", "identifier", "icp", "police")
"""网站名称、主办单位、联系方式、网站标识码、ICP 备案号、公安备案号。"""
DEFAULT_KEY = "zhunsheng-development-key-never-for-real-use"


class WrongSettings(Exception):  # noqa: N818 - the settings are wrong, the program is fine
    """The environment cannot be used; `faults` lists everything that is wrong, in Chinese."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Environment:
    """What the site is told from outside.

    Attributes:
        production: whether real people's data are in it; demo accounts and the default key are refused then.
        data: directory of the database, files and record stores.
        database: as Django wants it.
        hosts: names the site may be called by.
        secure: whether it is reached by https only.
        largest_upload: the largest file, and the largest form with files, in bytes.
        about: what stands at the head and foot of the public pages, by the names of `ABOUT`; "" where not given.
    """

    production: bool
    data: Path
    key: str
    database: dict[str, object]
    hosts: tuple[str, ...]
    secure: bool
    oidc: dict[str, str]
    largest_upload: int
    about: dict[str, str] = field(default_factory=dict)


def read_environment(given: Mapping[str, str] | None = None) -> Environment:
    """Read and check.

    Raises:
        WrongSettings: with all faults at once.
    """
    env = os.environ if given is None else given
    faults: list[str] = []
    mode = env.get("ZHUNSHENG_MODE", "development")
    if mode not in {"development", "production"}:
        faults.append(f"ZHUNSHENG_MODE 应为 development 或 production，现为“{mode}”")
    production = mode == "production"
    data = Path(env.get("ZHUNSHENG_DATA", "var/site")).absolute()
    key = env.get("ZHUNSHENG_SECRET_KEY", "" if production else DEFAULT_KEY)
    if production and (key in {"", DEFAULT_KEY} or len(key) < 50):
        faults.append(
            "正式运行须设置 ZHUNSHENG_SECRET_KEY（50 个字符以上的随机文字），例如 "
            + secrets.token_urlsafe(48)
        )
    hosts = tuple(each.strip() for each in env.get("ZHUNSHENG_HOSTS", "").split(",") if each.strip())
    if production and not hosts:
        faults.append("正式运行须设置 ZHUNSHENG_HOSTS（允许的域名或地址，用逗号分开）")
    database = _database(env.get("ZHUNSHENG_DATABASE", ""), data, faults)
    largest = env.get("ZHUNSHENG_UPLOAD_MB", "") or "200"
    if not (largest.isascii() and largest.isdecimal() and 1 <= int(largest[:9]) <= _MOST_MEGABYTES):
        faults.append(f"ZHUNSHENG_UPLOAD_MB 应为 1 到 {_MOST_MEGABYTES} 的整数（MB），现为“{largest[:20]}”")
        largest = "200"
    oidc = {
        name: env.get(f"ZHUNSHENG_OIDC_{name.upper()}", "") for name in ("name", "server", "client", "secret")
    }
    if any(oidc.values()) and not all(oidc.values()):
        missing = "、".join(f"ZHUNSHENG_OIDC_{name.upper()}" for name, value in oidc.items() if not value)
        faults.append(f"单点登录的设置不全，还缺 {missing}")
    if faults:
        raise WrongSettings(tuple(faults))
    return Environment(
        production=production,
        data=data,
        key=key,
        database=database,
        hosts=hosts or ("localhost", "127.0.0.1", "[::1]", "testserver"),
        secure=env.get("ZHUNSHENG_SECURE", "1" if production else "0") == "1",
        oidc=oidc if all(oidc.values()) else {},
        largest_upload=int(largest) * 1_000_000,
        about={name: env.get(f"ZHUNSHENG_SITE_{name.upper()}", "").strip() for name in ABOUT},
    )


def _database(address: str, data: Path, faults: list[str]) -> dict[str, object]:
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(data / "zhunsheng.sqlite"),
            "OPTIONS": {
                # a writer takes its turn at the beginning, so that nobody is thrown out at the end
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlparse(address)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        faults.append("ZHUNSHENG_DATABASE 应为 postgresql://用户:口令@主机:端口/库名；不设置时使用单机数据库")
        return {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
