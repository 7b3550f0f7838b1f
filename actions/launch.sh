#!/usr/bin/env bash
# Finds the program of an action: `launch.sh fetch NAME` takes a prebuilt one
# where this very source has one, with its checksum verified, that starts here;
# `launch.sh build NAME` builds it with Go. Both print the path as the output
# `program`; fetch prints none, and why, where the program must be built.
# `launch.sh source` prints the hash of the sources, for the manifest of a
# version, and `launch.sh platform` the name of this machine's.
set -euo pipefail

step=${1:-}
name=${2:-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${RUNNER_TEMP:-${TMPDIR:-/tmp}}/aftercare
manifest=${AFTERCARE_PREBUILT:-$here/prebuilt.txt}
mkdir -p "$folder"

output() { printf 'program=%s\n' "$1" >>"${GITHUB_OUTPUT:-/dev/stdout}"; }
say() { printf 'aftercare: %s\n' "$*"; }
sums=(sha256sum)
command -v sha256sum >/dev/null || sums=(shasum -a 256) # macOS
sum() { "${sums[@]}" | cut -d ' ' -f 1; }

# The hash of all that the programs are built from, what they embed included. A
# program that was built from other sources is not this version's. One process
# reads all files: it runs with each event. Before a name stands " " or "*", by
# the system.
source_hash() {
  (cd "$here/.." && LC_ALL=C find actions go.mod go.sum -type f \
    ! -name '*_test.go' ! -path '*/testdata/*' ! -name '*.sh' ! -name prebuilt.txt -print0 |
    LC_ALL=C sort -z | xargs -0 "${sums[@]}" | sed 's/ [ *]/ /') | sum
}

platform() {
  local os arch
  os=$(uname -s | tr '[:upper:]' '[:lower:]')
  case $os in mingw* | msys* | cygwin*) os=windows ;; esac
  case $(uname -m) in x86_64 | amd64) arch=amd64 ;; aarch64 | arm64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
  printf '%s-%s' "$os" "$arch"
}

# prebuilt.txt: `version v1.2.3`, `source SHA256`, then `SHA256 FILE` for each
# program and platform.
value() { awk -v key="$1" '$1 == key { print $2; exit }' "$manifest"; }

fetch() {
  local file version want url target why
  file=aftercare-$name-$(platform)
  if [ ! -s "$manifest" ]; then
    say "no programs were built beforehand for this version"
    return
  fi
  version=$(value version)
  want=$(awk -v file="$file" '$2 == file { print $1; exit }' "$manifest")
  if [ -z "$version" ] || [ -z "$want" ]; then
    say "there is no $file among the prebuilt programs"
    return
  fi
  if [ "$(value source)" != "$(source_hash)" ]; then
    say "the sources are not those of $version"
    return
  fi
  url=${AFTERCARE_DOWNLOADS:-https://github.com/aftercare/aftercare/releases/download}/$version/$file
  target=$folder/$file
  if ! curl --fail --silent --show-error --location --proto '=https,http' --retry 2 \
    --max-time "${AFTERCARE_PATIENCE:-60}" --max-filesize 268435456 --output "$target.part" "$url"; then
    rm -f "$target.part"
    say "$file of $version could not be fetched"
    return
  fi
  if [ "$(sum <"$target.part")" != "$want" ]; then
    rm -f "$target.part"
    say "$file of $version has another checksum than it should, and is not used"
    return
  fi
  chmod +x "$target.part"
  mv "$target.part" "$target"
  # Its checksum does not tell whether this system has the C library it wants.
  if ! why=$("$target" -h 2>&1 >/dev/null); then
    rm -f "$target"
    say "$file of $version does not start here: ${why%%$'\n'*}"
    return
  fi
  say "using $file of $version"
  output "$target"
}

build() {
  local cgo=0 target=$folder/$name
  case $name in snapshot) cgo=1 ;; esac # links DuckDB
  if [ $cgo = 1 ] && [ "$(go env GOOS)-$(go env GOARCH)" = windows-arm64 ]; then
    say "$name links DuckDB, and there is none for Windows on ARM: let its job run on another system, such as ubuntu-latest" >&2
    exit 1
  fi
  (cd "$here/.." && CGO_ENABLED=$cgo go build -trimpath -ldflags='-s -w' -o "$target" "./actions/$name")
  output "$target"
}

case $step in
fetch) fetch ;;
build) build ;;
source) source_hash ;;
platform) platform ;;
*)
  say "unknown step $step: expected fetch, build, source or platform"
  exit 2
  ;;
esac
