package check

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// tryPatience is how long trying all queries may take.
const tryPatience = 2 * time.Minute

// tryQueries tries the SQL of users' own metrics on tables without rows. Check
// links no engine, so that it starts at once and needs no C++ compiler to build:
// the program snapshot does it. Where that is not here, the run says so.
func tryQueries(ctx context.Context, env *runner.Env, book *config.Book) error {
	var trials []metric.Trial
	var places []int
	for i, m := range book.Metrics {
		if m.SQL != "" {
			trials, places = append(trials, metric.Trial{ID: m.ID, Source: m.Source, SQL: m.SQL}), append(places, i)
		}
	}
	if len(trials) == 0 {
		return nil
	}
	program := snapshotProgram(env.Getenv)
	if program == "" {
		env.Log.Info("the SQL of your own metrics was not tried, since the program snapshot is not here: make build in a checkout of Aftercare puts it beside check into .bin; start check from there, or set AFTERCARE_SNAPSHOT to the path of snapshot")
		return nil
	}
	tried, err := askProgram(ctx, program, env.Getenv("TELEMETRY_DSN"), trials)
	if err != nil {
		env.Warn("the SQL of your own metrics was not tried: %v", err)
		return nil
	}
	var found []diag.Mistake
	for i, t := range tried {
		path := []any{"metrics", places[i], "sql"}
		if t.Wrong != "" {
			found = append(found, diag.At(path, "metric %s: %s", t.ID, t.Wrong))
		}
		if names := metric.Unportable(t.SQL); t.Source == "telemetry" && len(names) > 0 {
			env.Warn("%s: metric %s: PostgreSQL has no %s, so it works on exports only, not with TELEMETRY_DSN", book.Place(path...), t.ID, strings.Join(names, ", "))
		}
	}
	return book.Mistaken(found)
}

// snapshotProgram is the path of the program snapshot: the one that
// AFTERCARE_SNAPSHOT names, else the one beside this program; empty where there
// is none.
func snapshotProgram(getenv func(string) string) string {
	if named := getenv("AFTERCARE_SNAPSHOT"); named != "" {
		return named
	}
	self, err := os.Executable()
	if err != nil {
		return ""
	}
	name := filepath.Join(filepath.Dir(self), "snapshot")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if info, err := os.Stat(name); err != nil || info.IsDir() {
		return ""
	}
	return name
}

// askProgram lets the program snapshot try queries. It gets no variable of the
// environment but the address of the database.
func askProgram(ctx context.Context, program, dsn string, trials []metric.Trial) ([]metric.Trial, error) {
	ctx, cancel := context.WithTimeout(ctx, tryPatience)
	defer cancel()
	question, err := json.Marshal(trials)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, metric.TrialMark)
	cmd.Env = []string{}
	for _, name := range []string{"TMPDIR", "TEMP", "TMP", "SYSTEMROOT"} {
		if value := os.Getenv(name); value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	if dsn != "" {
		cmd.Env = append(cmd.Env, "TELEMETRY_DSN="+dsn)
	}
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr, cmd.WaitDelay = bytes.NewReader(question), &errs, time.Second
	answer, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", filepath.Base(program), err, strings.TrimSpace(errs.String()))
	}
	var tried []metric.Trial
	if err := json.Unmarshal(answer, &tried); err != nil || len(tried) != len(trials) {
		return nil, errors.New(filepath.Base(program) + " is of another version: its answer cannot be read")
	}
	return tried, nil
}
