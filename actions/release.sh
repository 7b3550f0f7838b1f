#!/usr/bin/env bash
# Makes what a version ships. `release.sh version VERSION` fails where that is
# none; `programs FOLDER` builds the programs that need no C compiler, for every
# platform; `snapshot FOLDER` builds that one program for this machine's;
# `manifest VERSION FOLDER` prints prebuilt.txt for what lies there; `sbom FOLDER`
# lists the modules in it; `publish VERSION FOLDER` makes the tag and the release,
# with gh.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
platforms='darwin-amd64 darwin-arm64 linux-amd64 linux-arm64 windows-amd64 windows-arm64'
sbom=github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0

fail() {
  printf 'release: %s\n' "$*" >&2
  exit 2
}
sum() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }

# The programs that actions start, but for the one that links DuckDB.
plain() {
  local action
  for action in "$here"/*/action.yml; do
    action=$(basename "$(dirname "$action")")
    if [ "$action" != snapshot ]; then printf '%s\n' "$action"; fi
  done
}

# one FOLDER NAME PLATFORM CGO builds a program. What could differ from machine
# to machine is left out of it, so that everybody gets the same bytes.
one() {
  local target=$1/aftercare-$2-$3
  (cd "$here/.." && GOFLAGS='' GOAMD64=v1 GOARM64=v8.0 GOOS=${3%-*} GOARCH=${3#*-} CGO_ENABLED=$4 \
    go build -trimpath -buildvcs=false -ldflags='-s -w -buildid=' -o "$target" "./actions/$2")
}

# folder makes a folder and prints where it is. It lies outside of actions/, whose
# files are the sources of the version.
folder() {
  mkdir -p "$1"
  cd "$1"
  case $(pwd -P)/ in "$(cd "$here" && pwd -P)"/*) fail "$1 is among the sources: choose another folder" ;; esac
  pwd
}

programs() {
  local out name platform
  out=$(folder "$1")
  for name in $(plain); do
    for platform in $platforms; do one "$out" "$name" "$platform" 0; done
  done
}

snapshot() {
  local out
  out=$(folder "$1")
  one "$out" snapshot "$("$here/launch.sh" platform)" 1
}

version() {
  local major path
  [[ $1 =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || fail "$1 is not a version: expected one such as v1.2.3"
  # Go finds no v2 of a module whose path does not end in /v2: @latest would go on
  # giving out the last v1.
  major=${1%%.*} path=$(awk '$1 == "module" { print $2; exit }' "$here/../go.mod" 2>/dev/null)
  case $major in v0 | v1) major='' ;; *) major=/$major ;; esac
  case $path in */v[0-9]*) path=/${path##*/} ;; *) path='' ;; esac
  [ "$major" = "$path" ] || fail "$1 does not fit the module's path in go.mod, which must end in ${major:-no version}: Go would not find it"
}

manifest() {
  local file
  version "$1"
  printf 'version %s\nsource %s\n' "$1" "$("$here/launch.sh" source)"
  for file in "$2"/aftercare-*; do
    [ -f "$file" ] || fail "there are no programs in $2"
    printf '%s %s\n' "$(sum <"$file")" "$(basename "$file")"
  done | LC_ALL=C sort -k 2
}

modules() {
  local out
  out=$(folder "$1")
  (cd "$here/.." && go run "$sbom" mod -json -std -noserial -notimestamp -output "$out/sbom.cdx.json" .)
}

# A run that broke off may be run again: it throws the draft away that it finds,
# and where the tag stands already, all that is left is to show the release.
publish() {
  local tagged repository=repos/${GITHUB_REPOSITORY:?}
  version "$1"
  cmp "$2/prebuilt.txt" <(manifest "$1" "$2") || fail "prebuilt.txt is not of these programs"
  tagged=$(gh api "$repository/git/matching-refs/tags/$1" --jq ".[] | select(.ref == \"refs/tags/$1\") | .object.sha")
  if [ -z "$tagged" ]; then
    undraft "$1"
    tag "$1" "$2"
  else
    gh api "$repository/contents/actions/prebuilt.txt?ref=$tagged" -H 'Accept: application/vnd.github.raw+json' |
      cmp - "$2/prebuilt.txt" || fail "the tag $1 is there already, and is of other programs: choose another version"
  fi
  gh release edit "$1" --draft=false
}

# undraft takes away the drafts of a version; what people can see it leaves.
undraft() {
  local drafts draft
  drafts=$(gh api "$repository/releases" --paginate --jq ".[] | select(.draft and .tag_name == \"$1\") | .id")
  for draft in $drafts; do gh api "$repository/releases/$draft" -X DELETE --silent; done
}

# The manifest must stand in the commit that people pin, and the commit is made of
# it: so the tag is on a commit of its own, one above the one that was built. The
# files are there, in a draft, before the tag that leads to them.
tag() {
  local tree commit
  tree=$(gh api "$repository/git/trees" -f "base_tree=$(git -C "$here" rev-parse 'HEAD^{tree}')" \
    -f 'tree[][path]=actions/prebuilt.txt' -f 'tree[][mode]=100644' -f 'tree[][type]=blob' \
    -F "tree[][content]=@$2/prebuilt.txt" --jq .sha)
  commit=$(gh api "$repository/git/commits" -f "message=release: $1" -f "tree=$tree" \
    -f "parents[]=$(git -C "$here" rev-parse HEAD)" --jq .sha)
  gh release create "$1" --draft --generate-notes --title "$1" --target "$commit" "$2"/aftercare-* "$2/prebuilt.txt" "$2/sbom.cdx.json"
  gh api "$repository/git/refs" -f "ref=refs/tags/$1" -f "sha=$commit" --silent
}

step=${1:-}
case $step in
version) [ $# = 2 ] || fail "version wants a VERSION" ;;
programs | snapshot | sbom) [ $# = 2 ] || fail "$step wants a FOLDER" ;;
manifest | publish) [ $# = 3 ] || fail "$step wants a VERSION and a FOLDER" ;;
*) fail "unknown step $step: expected version, programs, snapshot, manifest, sbom or publish" ;;
esac
shift
case $step in sbom) modules "$@" ;; *) "$step" "$@" ;; esac
