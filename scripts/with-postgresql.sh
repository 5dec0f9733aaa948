#!/usr/bin/env bash
# Starts a throw-away PostgreSQL, runs a command with ZHUNSHENG_TEST_DATABASE set to it, and takes it away again.
# Usage: scripts/with-postgresql.sh COMMAND [ARGUMENTS…]
set -euo pipefail
say() { printf '%s\n' "$*" >&2; }
[ $# -gt 0 ] || { say "用法：scripts/with-postgresql.sh 命令 [参数…]"; exit 2; }

programs="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)"
[ -n "$programs" ] || programs="$(dirname "$(command -v initdb || true)" 2>/dev/null)"
[ -x "$programs/initdb" ] || { say "本机没有 PostgreSQL。Debian 上：apt-get install postgresql"; exit 3; }

# the server refuses to run as root
as_user=()
if [ "$(id -u)" = 0 ]; then as_user=(runuser -u postgres --); fi
folder="$(mktemp -d /tmp/zspg.XXXXXX)"
chmod 777 "$folder"
stop() {
  "${as_user[@]}" "$programs/pg_ctl" -D "$folder/data" -m immediate -s stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

"${as_user[@]}" "$programs/initdb" -D "$folder/data" -U postgres --auth=trust -E UTF8 --locale=C >/dev/null
"${as_user[@]}" "$programs/pg_ctl" -D "$folder/data" -s -w -l "$folder/log" -o "-k $folder -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=100" start ||
  { say "PostgreSQL 没有启动：$(tail -n 3 "$folder/log" 2>/dev/null)"; exit 3; }

export ZHUNSHENG_TEST_DATABASE="postgresql://postgres@${folder//\//%2F}/postgres"
"$@"
