package actions

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// The table has the figures of both commits side by side, whatever units their
// benchmarks report and whatever stands between them, and says what was measured at one of them only.
func TestBench_WritesTable(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("bash is needed")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "before"), "event\tBenchmarkProcess/urgent-2 \t      20\t  41000000 ns/op\t        41.0 ms/run\t        20.5 peak-MiB\t     900 B/op\t       9 allocs/op\npages\tBenchmarkPages-2 20 2000000 ns/op 1048576 B/op 9 allocs/op\ngone\tBenchmarkGone 1 1000000 ns/op\n")
	write(t, filepath.Join(dir, "after"), "event\tBenchmarkProcess/urgent-2 20 82000000 ns/op 82.0 ms/run 20.5 peak-MiB 900 B/op 9 allocs/op\npages\tBenchmarkPages-2 20 1000000 ns/op 2097152 B/op 9 allocs/op\nnew\tBenchmarkNew 1 150000000 ns/op 1048576 B/op\n")
	out, err := exec.Command("./bench.sh", "table", filepath.Join(dir, "before"), filepath.Join(dir, "after"), "abc1234").CombinedOutput()
	want := `| | ms at abc1234 | ms now | ratio | MiB at abc1234 | MiB now | ratio |
|---|---:|---:|---:|---:|---:|---:|
| event | 41.0 | 82.0 | 2.00 | 20.5 | 20.5 | 1.00 |
| pages | 2.0 | 1.0 | 0.50 | 1.0 | 2.0 | 2.00 |
| gone | 1.0 | – | – | 0.000 | – | – |
| new | – | 150 | – | – | 1.0 | – |
`
	if err != nil || string(out) != want {
		t.Errorf("got %v\n%swant\n%s", err, out, want)
	}
}

// Each row names a benchmark that is there.
func TestBench_RowsHaveTheirBenchmarks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("bash is needed")
	}
	out, err := exec.Command("./bench.sh", "rows").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 7 {
		t.Errorf("rows %q", lines)
	}
	for _, line := range lines {
		row := strings.Split(line, "\t")
		if len(row) != 4 {
			t.Fatalf("a row has %d columns: %q", len(row), line)
		}
		name := regexp.MustCompile(`Benchmark\w+`).FindString(row[2])
		found := false
		files, _ := filepath.Glob(filepath.Join(row[1], "*_test.go"))
		for _, file := range files {
			src, err := os.ReadFile(file)
			found = found || err == nil && strings.Contains(string(src), "func "+name+"(")
		}
		if !found {
			t.Errorf("%s has no %s", row[1], name)
		}
	}
}
