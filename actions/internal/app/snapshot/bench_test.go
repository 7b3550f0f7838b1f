package snapshot

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// BenchmarkProcess runs the program as a process of its own on the recorded
// history of bitcoin-core/gui under the whole plan: a first run, one with 50 ms
// before each answer, and the next one. It needs no registry's pause, which is a
// second between two requests.
func BenchmarkProcess(b *testing.B) {
	program := filepath.Join(b.TempDir(), "snapshot")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "../../../snapshot")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v: %s", err, out)
	}
	for _, c := range []struct {
		name  string
		delay time.Duration
		first bool
	}{{"first", 0, true}, {"first with 50 ms before each answer", 50 * time.Millisecond, true}, {"next", 0, false}} {
		b.Run(c.name, func(b *testing.B) {
			s := realStage(b)
			rules, err := os.ReadFile(filepath.Join(s.dir, "rules.yaml"))
			if err != nil {
				b.Fatal(err)
			}
			s.put(b, "rules.yaml", strings.Replace(string(rules), "crates:    {package: caro}", "crates:    {package: ''}", 1))
			if c.delay > 0 {
				s.world.Before = func(*http.Request) { time.Sleep(c.delay) }
			}
			peak := 0
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				if c.first {
					os.RemoveAll(filepath.Join(s.dir, ".aftercare"))
				}
				start := time.Now()
				peak = max(peak, s.process(b, program, i))
				if c.first || i > 0 {
					took = append(took, time.Since(start))
				}
			}
			if len(took) > 0 {
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "ms/run")
			}
			b.ReportMetric(float64(peak)/1024, "MiB")
		})
	}
}

// process runs the program once, and tells its peak of memory in KiB. A process
// that this one starts begins with this one's own peak as its own; time(1), which
// is small, starts it instead.
func (s *stage) process(b testing.TB, program string, n int) int {
	b.Helper()
	cmd := exec.Command("/usr/bin/time", "-f", "%M", program, "-as-of", s.world.Now().Format(time.RFC3339))
	if _, err := os.Stat(cmd.Path); err != nil {
		b.Skip("time(1) is not here, which measures: install it (Debian: apt-get install time)")
	}
	cmd.Dir = s.dir
	for name, value := range s.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Env = append(cmd.Env, settings(b)...)
	cmd.Env = append(cmd.Env, "GITHUB_RUN_ID="+fmt.Sprint(1000+n), "GITHUB_RUN_ATTEMPT=1", "GITHUB_EVENT_NAME=schedule", "HOME="+s.dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	said := strings.Fields(string(out))
	peak, err := strconv.Atoi(said[len(said)-1])
	if err != nil {
		b.Fatalf("time(1): %v: %s", err, out)
	}
	return peak
}

// settings are the environment that the action gives to every run.
func settings(b testing.TB) []string {
	b.Helper()
	var action struct {
		Runs struct {
			Steps []struct {
				ID  string
				Env map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(manifest(b, "snapshot"), &action); err != nil {
		b.Fatal(err)
	}
	var all []string
	for _, step := range action.Runs.Steps {
		for name, value := range step.Env {
			if step.ID == "snapshot" && !strings.Contains(value, "${{") {
				all = append(all, name+"="+value)
			}
		}
	}
	return all
}

// BenchmarkTakeIn reads exports, scans them and puts them into the facts.
func BenchmarkTakeIn(b *testing.B) {
	s := newStage(b, "")
	const sessions = 40_000
	s.telemetry(b, sessions, 400)
	events := 0
	for b.Loop() {
		facts, _, err := store.Open(b.Context(), "")
		if err != nil {
			b.Fatal(err)
		}
		done, err := collect.Telemetry{Files: os.DirFS(s.dir), Pattern: "telemetry/*.json", Now: s.world.Now()}.Read(b.Context(), func(rows []model.Row) error { return facts.Put(b.Context(), rows) })
		if err != nil || done.Events < 2*sessions {
			b.Fatalf("%+v, %v", done, err)
		}
		events += done.Events
		facts.Close()
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}
