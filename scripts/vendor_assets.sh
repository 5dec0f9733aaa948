#!/usr/bin/env bash
# Brings the pinned style sheets and scripts of others into the package; a maintainer's tool, its result is committed.
# Needs npm and python3. Every package is checked against the integrity hash in vendor_assets.txt before it is opened.
# Usage: scripts/vendor_assets.sh
set -euo pipefail
cd "$(dirname "$0")"
target=../src/zhunsheng/web/static/vendor
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
say() { printf '%s\n' "$*" >&2; }
command -v npm >/dev/null 2>&1 || { say "需要 npm（仅维护者更新前端文件时使用，安装和运行都不需要）。"; exit 3; }

# The comment that names a source map is taken out: the map is not shipped, and hashed file names would look for it.
without_source_map() { sed -E 's#(//|/\*)[\#@] sourceMappingURL=[^ *]*( ?\*/)?##' "$1"; }

unpack() { # package version integrity -> directory
  local archive got
  mkdir -p "$work/$1"
  archive="$work/$1/$(npm pack --silent --ignore-scripts --pack-destination "$work/$1" "$1@$2")"
  got="sha512-$(openssl dgst -sha512 -binary "$archive" | base64 -w0)"
  if [ "$got" != "$3" ]; then
    say "$1 $2 的校验值不符：应为 $3，实为 $got。未采用任何文件；核实来源后再更新 vendor_assets.txt。"
    exit 4
  fi
  tar -xzf "$archive" -C "$work/$1"
  printf '%s' "$work/$1/package"
}

directory=""
while read -r name package version licence integrity files; do
  case "$name" in "" | \#*) continue ;; esac
  case "$name" in *+) ;; *) directory="$work/vendor/$name-$version"; mkdir -p "$directory" ;; esac
  opened="$(unpack "$package" "$version" "$integrity")"
  IFS=, read -ra pairs <<<"$files"
  for pair in "${pairs[@]}"; do
    source="${pair%%=*}" kept="$directory/${pair#*=}"
    case "$source" in
      @*) cp "vendor_licences/${source#@}" "$kept" ;;
      *.css | *.js) without_source_map "$opened/$source" >"$kept" ;;
      *) cp "$opened/$source" "$kept" ;;
    esac
  done
  say "$package $version（$licence）"
done <vendor_assets.txt

python3 - vendor_assets.txt "$work/vendor" <<'P'
import hashlib, json, pathlib, sys

entries = []
for line in pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
    if not line or line.startswith("#"):
        continue
    name, package, version, licence, integrity, _files = line.split()
    known = {"package": package, "version": version, "licence": licence, "integrity": integrity}
    if name.endswith("+"):
        entries[-1]["contains"].append(known)
    else:
        entries.append({"directory": f"{name}-{version}", **known, "contains": [], "files": {}})
for entry in entries:
    for path in sorted((pathlib.Path(sys.argv[2]) / entry["directory"]).iterdir()):
        entry["files"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
text = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
(pathlib.Path(sys.argv[2]) / "manifest.json").write_text(text, encoding="utf-8")
P
chmod -R u=rwX,go=rX "$work/vendor"
rm -rf "$target"
mkdir -p "$(dirname "$target")"
cp -R "$work/vendor" "$target"
say "完成：$(find "$target" -type f | wc -l) 个文件。"
