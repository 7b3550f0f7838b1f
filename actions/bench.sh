#!/usr/bin/env bash
# Measures what people wait for, here and at an earlier commit, in turns on the same
# machine, and writes a table of both. `bench.sh run [COMMIT]` measures, by default
# against the commit before this one; `bench.sh table BEFORE AFTER NAME` prints the
# table of two files with lines of Go's benchmarks, each behind the row's name and a
# tab.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# rows prints what is measured: the words of a row, the package, the benchmark, and
# how often it is run.
rows() {
  cat <<'ROWS'
first sync, whole process	internal/app/snapshot	^BenchmarkProcess$/^first$	3x
next sync, whole process	internal/app/snapshot	^BenchmarkProcess$/^next$	5x
one event, whole process	internal/app/triage	^BenchmarkProcess$/^urgent$	20x
-explain of 1,000 texts, whole process	internal/app/triage	^BenchmarkExplain$	5x
telemetry, 10 million events	internal/metric	^BenchmarkTelemetry$/^10M$	1x
all pages	internal/report	^BenchmarkPages$	20x
check on 5,000 issues	internal/backtest	^BenchmarkFiveThousand$	3x
ROWS
}

# measure FOLDER NAME PACKAGE BENCHMARK TIMES prints the lines of one row in a tree; a
# tree that lacks the benchmark, or what it needs, prints none.
measure() {
  (cd "$1" && go test -run '^$' -bench "$4" -benchtime "$5" -benchmem "./actions/$3" 2>/dev/null) |
    awk -v row="$2" '/^Benchmark/ { print row "\t" $0 }' || true
}

# table BEFORE AFTER NAME prints Markdown. A figure is ms/run, where the benchmark
# reports one, else ns/op; memory is the peak, else what was allocated.
table() {
  awk -F '\t' -v name="$3" '
    function figure(line, unit,   n, parts, i) {
      n = split(line, parts, " ")
      for (i = 3; i <= n; i++) if (parts[i] == unit) return parts[i - 1]
      return ""
    }
    function time(line,   ms) { ms = figure(line, "ms/run"); return ms != "" ? ms : figure(line, "ns/op") / 1e6 }
    function memory(line,   mib) {
      mib = figure(line, "MiB"); if (mib == "") mib = figure(line, "peak-MiB")
      return mib != "" ? mib : figure(line, "B/op") / 1048576
    }
    function shown(x) { return x >= 100 ? sprintf("%.0f", x) : x >= 1 ? sprintf("%.1f", x) : sprintf("%.3f", x) }
    function pair(old, new) {
      if (old == "" ) return "– | " shown(new) " | –"
      if (new == "") return shown(old) " | – | –"
      return shown(old) " | " shown(new) " | " (old > 0 ? sprintf("%.2f", new / old) : "–")
    }
    { line = substr($0, length($1) + 2); gsub(/\t/, " ", line) } # the lines of Go have tabs of their own
    { if (!($1 in known)) { known[$1] = 1; order[++count] = $1 } }
    FNR == NR { oldTime[$1] = time(line); oldMemory[$1] = memory(line); next }
    { newTime[$1] = time(line); newMemory[$1] = memory(line) }
    END {
      print "| | ms at " name " | ms now | ratio | MiB at " name " | MiB now | ratio |"
      print "|---|---:|---:|---:|---:|---:|---:|"
      for (i = 1; i <= count; i++) {
        row = order[i]
        print "| " row " | " pair(oldTime[row], newTime[row]) " | " pair(oldMemory[row], newMemory[row]) " |"
      }
    }' "$1" "$2"
}

run() {
  local base row package benchmark times # out and tree are for what is done at the exit
  base=$(git -C "$here" rev-parse --short "${1:-HEAD~1}")
  out=$(mktemp -d)
  tree=$out/tree
  git -C "$here" worktree add --quiet --detach "$tree" "$base"
  trap 'git -C "$here" worktree remove --force "$tree"; rm -rf "$out"' EXIT
  trap 'exit 130' INT TERM
  : >"$out/before"
  : >"$out/after"
  while IFS=$'\t' read -r row package benchmark times; do
    printf 'bench: %s\n' "$row" >&2
    measure "$tree" "$row" "$package" "$benchmark" "$times" >>"$out/before"
    measure "$here/.." "$row" "$package" "$benchmark" "$times" >>"$out/after"
  done < <(rows)
  table "$out/before" "$out/after" "$base"
}

step=${1:-}
case $step in
run) run "${2:-}" ;;
table) table "$2" "$3" "$4" ;;
rows) rows ;;
*)
  printf 'bench: unknown step %s: expected run, table or rows\n' "$step" >&2
  exit 2
  ;;
esac
