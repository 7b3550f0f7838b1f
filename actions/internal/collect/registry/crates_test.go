package registry

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// options reads from servers of the world in the place of each host.
func options(world *fake.World, now time.Time, address ...string) Options {
	return Options{
		Web: func() *web.Client {
			return &web.Client{HTTP: &http.Client{Timeout: 5 * time.Second}, Agent: "aftercare (https://github.com/caro/caro)", Sleep: world.Sleep}
		},
		Getenv: func(string) string { return address[0] }, Now: now,
	}
}

// crate reads a package of the simulated crates.io.
func crate(t testing.TB, world *fake.World, address, name string, now time.Time) ([]model.Row, []string, error) {
	t.Helper()
	found, err := crates.Read(t.Context(), name, options(world, now, address))
	if err != nil {
		return nil, nil, err
	}
	if found.Uncounted != "" {
		return nil, nil, errors.New(found.Uncounted)
	}
	return found.Rows(), found.Refused, nil
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
	rows, refused, err := crate(t, world, world.Crates.URL+"/", "caro", world.Now().Add(time.Hour))
	if err != nil || len(refused) > 0 {
		t.Fatal(err, refused)
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
	good := `{"versions":[{"id":1,"num":"1.0.0","yanked":false,"created_at":"2026-01-01T00:00:00Z","downloads":5}]}`
	days := `{"version_downloads":[{"version":1,"date":"2026-01-02","downloads":1}],"meta":{"extra_downloads":[]}}`
	for _, c := range []struct{ name, about, downloads, want string }{
		{"HTML", "<!doctype html><p>sorry", "", "not what its description says"},
		{"nothing at all", "{}", "", "versions is missing"},
		{"null", "null", "", "the answer is null"},
		{"no list of versions", `{"versions":null}`, "", "versions is null"},
		{"no versions", `{"versions":[]}`, "", "names no version"},
		{"yanked is missing", strings.Replace(good, `"yanked":false,`, "", 1), days, "yanked is missing"},
		{"yanked is null", strings.Replace(good, "false", "null", 1), days, "yanked is null"},
		{"downloads of the version are missing", strings.Replace(good, `,"downloads":5`, "", 1), days, "downloads is missing"},
		{"below zero", strings.Replace(good, ":5", ":-5", 1), days, "must not be below zero, got -5"},
		{"published next year", strings.Replace(good, "2026-01-01", "2027-01-01", 1), days, "created_at cannot be: 2027"},
		{"published in year 9999", strings.Replace(good, "2026-01-01", "9999-01-01", 1), days, "created_at cannot be: 9999"},
		{"days below zero", good, strings.Replace(days, ":1}", ":-1}", 1), "must not be below zero"},
		{"days to come", good, strings.Replace(days, "2026-01-02", "2026-05-02", 1), "cannot be of 2026-05-02"},
		{"a day of year 9999", good, strings.Replace(days, "2026-01-02", "9999-01-02", 1), "cannot be of 9999-01-02"},
		{"no days at all", good, strings.Replace(days, "2026-01-02", "[date]", 1), "must have a date"},
		{"a day without its downloads", good, strings.Replace(days, `,"downloads":1`, "", 1), "downloads is missing"},
		{"no downloads where some are due", good, "{}", "version_downloads is missing"},
		{"null downloads", good, "null", "the answer is null"},
		{"no list of the other downloads", good, `{"version_downloads":[],"meta":{}}`, "extra_downloads is missing"},
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
			rows, _, err := crate(t, world, server.URL, "caro", world.Now())
			if err == nil || !strings.Contains(err.Error(), c.want) || rows != nil {
				t.Errorf("%d rows, %v; want %q", len(rows), err, c.want)
			}
		})
	}
	// A page ends the reason with a full stop of its own.
	if _, _, err := crate(t, world, world.Crates.URL, "no/such?thing", world.Now()); err == nil || !strings.Contains(err.Error(), "no package") || strings.HasSuffix(err.Error(), "?") {
		t.Errorf("an unknown package: %v", err)
	}
	if _, _, err := crate(t, world, "http://127.0.0.1:1", "caro", world.Now()); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("a dead one: %v", err)
	}
	silent := options(world, world.Now(), world.Crates.URL)
	silent.Web = func() *web.Client { return &web.Client{HTTP: http.DefaultClient, Sleep: world.Sleep} }
	world.Crates.Publish("caro", "1.0.0")
	if _, err := crates.Read(t.Context(), "caro", silent); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("without a name: %v", err)
	}
}

// One version or day that cannot be read costs itself and is named; downloads
// of that version count among those without one.
func TestCrate_OneBadEntryCostsItself(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	good := `{"id":1,"num":"1.0.0","yanked":true,"created_at":"2026-01-01T00:00:00Z","downloads":5}`
	day := `{"version":1,"date":"2026-01-02","downloads":3}`
	for name, c := range map[string]struct{ version, day, extra, want string }{
		"yanked is missing":      {`{"id":2,"num":"1.1.0","created_at":"2026-01-01T00:00:00Z","downloads":5}`, "", "", "crates, caro: versions[1] (1.1.0).yanked is missing; it is left out"},
		"a null version":         {`null`, "", "", "versions[1] is null"},
		"an empty version":       {`{}`, "", "", "versions[1].id is missing"},
		"year 9999":              {strings.NewReplacer("2026", "9999", `"1.0.0"`, `"1.1.0"`).Replace(good), "", "", "versions[1] (1.1.0).created_at cannot be"},
		"a day of next year":     {"", `{"version":1,"date":"2027-01-02","downloads":3}`, "", "cannot be of 2027-01-02"},
		"a day below zero":       {"", `{"version":1,"date":"2026-01-03","downloads":-3}`, "", "version_downloads[1].downloads must not be below zero"},
		"another day below zero": {"", "", `{"date":"2026-01-03","downloads":-3},{"date":"2026-01-03","downloads":1}`, "extra_downloads[0].downloads must not be below zero"},
	} {
		t.Run(name, func(t *testing.T) {
			join := func(all ...string) string { return strings.TrimSuffix(strings.Join(all, ","), ",") }
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/downloads") {
					fmt.Fprintf(w, `{"version_downloads":[%s],"meta":{"extra_downloads":[%s]}}`, join(day, c.day), c.extra)
					return
				}
				fmt.Fprintf(w, `{"versions":[%s]}`, join(good, c.version))
			}))
			defer server.Close()
			rows, refused, err := crate(t, world, server.URL, "caro", world.Now())
			if err != nil || len(refused) != 1 || !strings.Contains(refused[0], c.want) {
				t.Fatalf("%v, refused %q, want %q", err, refused, c.want)
			}
			versions := 0
			for _, row := range rows {
				switch r := row.(type) {
				case model.VersionRow:
					if versions++; r.Version != "1.0.0" || !r.Yanked {
						t.Errorf("version %+v", r)
					}
				case model.DownloadRow:
					if r.Downloads <= 0 || r.Day.Year() != 2026 {
						t.Errorf("downloads %+v", r)
					}
				}
			}
			if versions != 1 {
				t.Errorf("%d versions", versions)
			}
		})
	}
}

// The answers that the real server gave in its own tests have the shape that is
// read here.
func TestRecordedAnswers(t *testing.T) {
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = "../../../../../shared/data"
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
		rows, refused, err := crate(t, world, server.URL, "foo", world.Now().AddDate(1, 0, 0))
		server.Close()
		if strings.Contains(file, "minimal") { // asked for with fewer parts
			if err == nil || !strings.Contains(err.Error(), "versions is null") {
				t.Errorf("%s: %d rows, %v", filepath.Base(file), len(rows), err)
			}
			continue
		}
		if err != nil || len(rows) == 0 || len(refused) > 0 {
			t.Errorf("%s: %d rows, %v, refused %q", filepath.Base(file), len(rows), err, refused)
		}
	}
}
