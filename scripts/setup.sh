#!/usr/bin/env bash
# Sets up the locked environment in .venv and the stand-in fonts in var/fonts.
# Needs python3.11 (or newer), nothing else; idempotent: a second run takes a fraction of a second.
# Usage: scripts/setup.sh [environment|fonts|spark|postgresql|site|all]
set -euo pipefail
cd "$(dirname "$0")/.."
what="${1:-all}"
say() { printf '%s\n' "$*" >&2; }

find_python() {
  for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
    [ -n "$candidate" ] || continue
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

apt_as_root() {
  if [ "$(id -u)" = 0 ]; then DEBIAN_FRONTEND=noninteractive apt-get "$@"
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo -n DEBIAN_FRONTEND=noninteractive apt-get "$@"
  else return 1; fi
}

set_up_environment() {
  stamp=.venv/.locked
  want="$(cat requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1)"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then return 0; fi
  python="$(find_python)" || { say "需要 Python 3.11 或更新版本。Debian 上：apt-get install python3.11"; exit 3; }
  if [ ! -x .venv/bin/python ]; then
    say "建立运行环境 .venv（$("$python" --version)）……"
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
      rm -rf .venv
      say "缺少 python3-venv，尝试安装……"
      { apt_as_root update -qq && apt_as_root install -y -qq python3-venv; } >/dev/null 2>&1 ||
        { say "无法自动安装。请以管理员身份运行：apt-get install python3-venv，然后重试。"; exit 3; }
      "$python" -m venv .venv
    fi
  fi
  say "安装锁定的依赖（requirements.lock，逐个核对哈希）……"
  uv="$(command -v uv || true)"
  if [ -z "$uv" ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check uv 2>/dev/null && uv=.venv/bin/uv
  fi
  if [ -n "$uv" ]; then
    UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV="$PWD/.venv" "$uv" pip install --quiet --require-hashes -r requirements.lock
    UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV="$PWD/.venv" "$uv" pip install --quiet --no-deps --no-build-isolation -e .
  else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
  fi
  printf '%s' "$want" >"$stamp"
}

# Free stand-ins for the official faces. They are unpacked, not installed, and never shipped with the package.
set_up_fonts() {
  fonts=var/fonts
  if [ -f "$fonts/.complete" ]; then return 0; fi
  if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-deb >/dev/null 2>&1; then
    say "本机不是 Debian 系统，跳过字体准备；用 zhunsheng doctor 查看可用字体。"
    return 0
  fi
  say "准备公文替代字体（仿宋、楷体、黑体、宋体，约 100 MB，仅此一次）……"
  mkdir -p "$fonts" var/packages
  (
    cd var/packages
    # an unprivileged user may download with the package lists that are already there
    apt_as_root update -qq >/dev/null 2>&1 || true
    for package in fonts-noto-cjk texlive-lang-chinese fonts-liberation; do
      ls "$package"_*.deb >/dev/null 2>&1 || apt-get download -qq "$package" >/dev/null 2>&1 ||
        say "字体包 $package 下载失败；文档将使用其余可用字体并在报告中注明替代。"
    done
  )
  for deb in var/packages/*.deb; do
    [ -f "$deb" ] || continue
    rm -rf var/unpacked && mkdir -p var/unpacked
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C var/unpacked --wildcards '*/NotoSansCJK-Regular.ttc' '*/NotoSansCJK-Bold.ttc' '*/NotoSerifCJK-Regular.ttc' '*/NotoSerifCJK-Bold.ttc' '*/FandolFang-Regular.otf' '*/FandolKai-Regular.otf' '*/LiberationSerif-*.ttf' 2>/dev/null || true
    find var/unpacked -type f \( -name '*.ttc' -o -name '*.otf' -o -name '*.ttf' \) -exec mv -f {} "$fonts/" \;
  done
  rm -rf var/unpacked
  if ls "$fonts"/FandolFang-Regular.otf "$fonts"/NotoSansCJK-Regular.ttc "$fonts"/LiberationSerif-Regular.ttf >/dev/null 2>&1; then
    rm -rf var/packages
    touch "$fonts/.complete"
  fi
}

# What only some need: Spark (with Java 17), the driver of PostgreSQL.
set_up_extra() {
  set_up_environment
  lock="requirements-$1.lock"
  stamp=".venv/.$1"
  want="$(sha256sum <"$lock")"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then return 0; fi
  say "安装 $lock……"
  uv="$(command -v uv || true)"
  if [ -z "$uv" ] && [ -x .venv/bin/uv ]; then uv=.venv/bin/uv; fi
  if [ -n "$uv" ]; then
    UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV="$PWD/.venv" "$uv" pip install --quiet --require-hashes -r "$lock"
  else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
  fi
  printf '%s' "$want" >"$stamp"
}

# What the tests of the site need beyond the environment: a browser and a PostgreSQL server, both from Debian.
set_up_site() {
  set_up_extra postgresql
  missing=""
  command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
  [ -n "$missing" ] || return 0
  say "安装测试用的$missing……"
  # shellcheck disable=SC2086 # a list of names
  { apt_as_root update -qq && apt_as_root install -y -qq $missing; } >/dev/null 2>&1 ||
    { say "无法自动安装。请以管理员身份运行：apt-get install$missing，然后重试。"; exit 3; }
}

case "$what" in
  environment) set_up_environment ;;
  fonts) set_up_fonts ;;
  spark) set_up_extra spark ;;
  postgresql) set_up_extra postgresql ;;
  site) set_up_site ;;
  all) set_up_environment; set_up_fonts ;;
  *) say "用法：scripts/setup.sh [environment|fonts|spark|postgresql|site|all]"; exit 2 ;;
esac
