package triage

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// program builds the program as it ships and answers with its path and size in
// megabytes of 10^6 bytes.
func program(b *testing.B) (string, float64) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "triage")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, "../../../triage")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return path, float64(info.Size()) / 1e6
}

// BenchmarkProcess is one event as a whole process, from its start to its
// exit, against the simulated GitHub and Slack.
func BenchmarkProcess(b *testing.B) {
	path, size := program(b)
	for name, title := range map[string]string{"urgent": urgentTitle, "plain": "A bug in the output on linux", "nothing": "hm"} {
		b.Run(name, func(b *testing.B) {
			src, err := os.ReadFile("../../../../rules.yaml")
			if err != nil {
				b.Fatal(err)
			}
			world := fake.New(fake.Options{Now: time.Now})
			defer world.Close()
			dir := b.TempDir()
			write(b, filepath.Join(dir, "rules.yaml"), string(src))
			peak, cpu := 0.0, time.Duration(0)
			for b.Loop() {
				b.StopTimer()
				n := world.GitHub.OpenIssue("ann", title, urgentBody[:0])
				event := filepath.Join(dir, "event.json")
				write(b, event, string(world.GitHub.Event(n, "opened")))
				cmd := exec.Command("/usr/bin/time", "-f", "%M", path)
				if _, err := os.Stat("/usr/bin/time"); err != nil {
					cmd = exec.Command(path)
				}
				cmd.Env = []string{"GITHUB_EVENT_NAME=issues", "GITHUB_EVENT_PATH=" + event, "GITHUB_WORKSPACE=" + dir, "GITHUB_REPOSITORY=caro/caro",
					"GITHUB_TOKEN=" + token, "GITHUB_API_URL=" + world.GitHub.URL, "SLACK_API_URL=" + world.Slack.URL, "SLACK_BOT_TOKEN=" + fake.SlackToken,
					"GITHUB_RUN_ID=" + strconv.Itoa(n), "GITHUB_RUN_ATTEMPT=1", "GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary")}
				b.StartTimer()
				out, err := cmd.CombinedOutput()
				if err != nil {
					b.Fatalf("%v: %s", err, out)
				}
				cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
				lines := strings.Fields(string(out))
				if kib, err := strconv.ParseFloat(lines[len(lines)-1], 64); err == nil {
					peak = max(peak, kib/1024)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/run")
			b.ReportMetric(float64(cpu.Microseconds())/1000/float64(b.N), "cpu-ms/run")
			b.ReportMetric(peak, "peak-MiB")
			b.ReportMetric(size, "program-MB")
		})
	}
}

// BenchmarkExplain labels a thousand texts in one process, as somebody does who
// measures rules.
func BenchmarkExplain(b *testing.B) {
	path, _ := program(b)
	src, err := os.ReadFile("../../../../rules.yaml")
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	write(b, filepath.Join(dir, "rules.yaml"), string(src))
	var texts strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&texts, `{"id": "%d", "title": "It crashes on start %d", "body": "When I type a command it hangs for a while, and then it ends."}`+"\n", i, i)
	}
	for b.Loop() {
		cmd := exec.Command(path, "-explain", "-json")
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(texts.String())
		out, err := cmd.Output()
		if err != nil || strings.Count(string(out), "\n") != 1000 {
			b.Fatalf("%v: %d lines", err, strings.Count(string(out), "\n"))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/run")
}
