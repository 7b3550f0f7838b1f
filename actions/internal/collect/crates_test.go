package collect

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/model"
)

func registry(world *fake.World, address string) Registry {
	return Registry{&Web{HTTP: &http.Client{Timeout: 5 * time.Second}, Agent: "aftercare (https://github.com/caro/caro)", Sleep: world.Sleep, Pause: time.Second}, address}
}

func TestACrateIsRead(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	contract.Hold(t, world, "")
	for i := range 7 {
		version := fmt.Sprintf("1.%d.0", i)
		world.Crates.Publish("caro", version)
		for day := range 3 {
			world.Crates.Download("caro", version, world.Now().AddDate(0, 0, -day-1), 10*(i+1))
		}
	}
	world.Crates.Yank("caro", "1.6.0")
	world.Fail(fake.Fault{On: "crates", Nth: 1, Do: fake.TooMany, RetryAfter: 7})
	start := world.Now()
	rows, err := registry(world, world.Crates.URL+"/").Crate(t.Context(), "caro", world.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	yanked, versions, older, days := "", 0, int64(0), 0
	for _, row := range rows {
		switch r := row.(type) {
		case model.VersionRow:
			if versions++; r.Yanked {
				yanked += r.Version
			}
		case model.DownloadRow:
			if days++; r.Version == "" {
				older += r.Downloads
			}
		}
	}
	if versions != 7 || yanked != "1.6.0" || older != 3*(10+20) || days != 5*3+3 {
		t.Errorf("%d versions, yanked %q, %d older downloads, %d days", versions, yanked, older, days)
	}
	if waited := world.Now().Sub(start); waited < 8*time.Second {
		t.Errorf("it waited %s for a server that asked for 7 s, and a second between requests", waited)
	}
	if u := world.Unknown(); len(u) > 0 || len(world.Impatient()) > 0 {
		t.Errorf("unknown %v, impatient %v", u, world.Impatient())
	}
}

func TestARegistryThatCannotBeBelieved(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	good := `{"versions":[{"id":1,"num":"1.0.0","created_at":"2026-01-01T00:00:00Z","downloads":5}]}`
	for _, c := range []struct{ name, about, downloads, want string }{
		{"HTML", "<!doctype html><p>sorry", "", "not what its description says"},
		{"nothing at all", "{}", "", "names no version"},
		{"below zero", strings.Replace(good, ":5", ":-5", 1), "{}", "what cannot be"},
		{"published tomorrow", strings.Replace(good, "2026-01-01", "2027-01-01", 1), "{}", "what cannot be"},
		{"days below zero", good, `{"version_downloads":[{"date":"2026-01-02","downloads":-1}]}`, "what cannot be"},
		{"days to come", good, `{"version_downloads":[{"date":"2026-05-02","downloads":1}]}`, "what cannot be"},
		{"no days at all", good, `{"version_downloads":[{"date":"[date]","downloads":1}]}`, "what cannot be"},
		{"no downloads where some are due", good, "{}", "not even none"},
		{"HTML for the downloads", good, "<p>sorry", "the registry's downloads: its answer is not"},
		{"half an answer", good[:40], "", "not what its description says"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/downloads") {
					fmt.Fprint(w, c.downloads)
					return
				}
				fmt.Fprint(w, c.about)
			}))
			defer server.Close()
			rows, err := registry(world, server.URL).Crate(t.Context(), "caro", world.Now())
			if err == nil || !strings.Contains(err.Error(), c.want) || rows != nil {
				t.Errorf("%d rows, %v; want %q", len(rows), err, c.want)
			}
		})
	}
	// A page ends the reason with a full stop of its own.
	if _, err := registry(world, world.Crates.URL).Crate(t.Context(), "no/such?thing", world.Now()); err == nil || !strings.Contains(err.Error(), "no package") || strings.HasSuffix(err.Error(), "?") {
		t.Errorf("an unknown package: %v", err)
	}
	if _, err := registry(world, "http://127.0.0.1:1").Crate(t.Context(), "caro", world.Now()); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("a dead one: %v", err)
	}
	silent := registry(world, world.Crates.URL)
	silent.Agent = ""
	world.Crates.Publish("caro", "1.0.0")
	if _, err := silent.Crate(t.Context(), "caro", world.Now()); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("without a name: %v", err)
	}
}

func TestABusyServerSaysForHowLong(t *testing.T) {
	for _, c := range []struct {
		name, wanted, date string
		want               time.Duration
	}{
		{"seconds", "7", "", 7 * time.Second},
		{"a time, by its own clock", "Tue, 27 Jan 2026 09:01:30 GMT", "Tue, 27 Jan 2026 09:01:00 GMT", 30 * time.Second},
		{"a time that is over", "Tue, 27 Jan 2026 09:00:00 GMT", "Tue, 27 Jan 2026 09:01:00 GMT", 2 * time.Second},
		{"more seconds than there are", "9999999999999", "", 24 * time.Hour},
		{"nothing", "", "", 2 * time.Second},
		{"below zero", "-5", "", 2 * time.Second},
	} {
		got := after(&http.Response{Header: http.Header{"Retry-After": {c.wanted}, "Date": {c.date}}})
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// The answers that the real server gave in its own tests have the shape that is
// read here.
func TestRecordedAnswers(t *testing.T) {
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = "../../../../shared/data"
	}
	files, _ := filepath.Glob(filepath.Join(folder, "registry", "*crates__read__show*-2.snap"))
	recorded, _ := filepath.Glob(filepath.Join(folder, "registry", "recorded-*.json"))
	files = append(files, recorded...)
	if len(files) == 0 {
		t.Skip("the recorded answers are not here (AFTERCARE_DATA names their folder)")
	}
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		body := string(src)
		if _, behind, snapshot := strings.Cut(strings.TrimPrefix(body, "---\n"), "---\n"); snapshot {
			body = behind
		}
		body = strings.NewReplacer(`"[datetime]"`, `"2026-01-01T00:00:00Z"`, `"[date]"`, `"2026-01-01"`).Replace(body)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/downloads") {
				fmt.Fprint(w, `{"version_downloads":[],"meta":{"extra_downloads":[]}}`)
				return
			}
			fmt.Fprint(w, body)
		}))
		rows, err := registry(world, server.URL).Crate(t.Context(), "foo", world.Now().AddDate(1, 0, 0))
		server.Close()
		if strings.Contains(file, "minimal") { // asked for with fewer parts
			if err == nil || !strings.Contains(err.Error(), "names no version") {
				t.Errorf("%s: %d rows, %v", filepath.Base(file), len(rows), err)
			}
			continue
		}
		if err != nil || len(rows) == 0 {
			t.Errorf("%s: %d rows, %v", filepath.Base(file), len(rows), err)
		}
	}
}
