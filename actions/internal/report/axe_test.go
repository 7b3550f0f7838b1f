package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// The release of axe-core that checks the pages, and the SHA-256 of its script.
const (
	axePackage = "axe-core@4.14.1"
	axeSum     = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
)

// axe returns the script of axe-core. `make axe` puts it into .bin; where it is not
// there, npm fetches it. Without npm the test is skipped, in CI it fails.
func axe(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("..", "..", "..", ".bin", "axe.min.js"))
	if err != nil {
		if script, err = packed(t.TempDir()); err != nil {
			missing(t, "axe-core is not here, so the accessibility of the pages is not checked: run `make axe`, which needs npm: "+err.Error())
		}
	}
	if sum := sha256.Sum256(script); hex.EncodeToString(sum[:]) != axeSum {
		t.Fatalf("this is not the script of %s: remove .bin/axe.min.js and run `make axe`", axePackage)
	}
	return string(script)
}

func packed(folder string) ([]byte, error) {
	fetch := exec.Command("npm", "pack", "--silent", axePackage)
	fetch.Dir = folder
	name, err := fetch.Output()
	if err != nil {
		return nil, fmt.Errorf("npm pack: %w", err)
	}
	return exec.Command("tar", "-xzOf", filepath.Join(folder, strings.TrimSpace(string(name))), "package/axe.min.js").Output()
}

// missing skips a test whose tool is not there, and fails it in CI.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// published writes the pages of a day into a folder as the Pages workflow publishes
// them, and returns it.
func published(t *testing.T, d Day) string {
	t.Helper()
	folder := t.TempDir()
	write := func(name, content string) {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range d.first() {
		id := e.Definition.ID
		if chart := Chart(e, MarksOf(d, id)); chart != nil {
			d.Charts[id] = true
			write(ChartPath(id), string(chart))
		}
	}
	write("index.html", Index(d))
	write(StylePath, Style())
	for _, e := range d.first() {
		write(MetricPath(e.Definition.ID), MetricPage(d, e.Definition.ID))
	}
	return folder
}

// publishedDay is a day with every metric, incidents of some, and versions.
func publishedDay() Day {
	d := wholeDay()
	d.Release.Shipped.Time = now.AddDate(0, 0, -20)
	d.Gate, d.Gated, d.Weekly, d.Page = "GO (1 waiver)", true, true, "https://github.com/caro/caro/blob/HEAD/reports/README.md"
	d.Release.Family = []model.Published{{Version: "1.1.0-beta", At: now.AddDate(0, 0, -20)}, {Version: "1.1.1-beta", At: now.AddDate(0, 0, -10)}, {Version: "1.1.2-beta", At: now.AddDate(0, 0, -8)}}
	d.Fired = fired()
	for _, e := range d.first()[:5] {
		d.Fired = append(d.Fired, alert.Fired{Metric: e.Definition.ID, Episode: alert.Episode{Began: now.Add(-30 * time.Hour), Since: now.Add(-30 * time.Hour), Ended: now.Add(-time.Hour), Level: verdict.Critical}})
	}
	return d
}

// tab opens a browser.
func tab(t *testing.T, more ...chromedp.ContextOption) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser(t)), chromedp.NoSandbox)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, more...)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// open shows a page at a width, in light or dark.
func open(ctx context.Context, t *testing.T, address string, width int64, scheme string) {
	t.Helper()
	prefer := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	})
	if _, err := chromedp.Run(ctx, chromedp.Steps(chromedp.EmulateViewport(width, 900), prefer, chromedp.Navigate(address))); err != nil {
		t.Fatal(err)
	}
}

// axe-core finds no violation on the dashboard and on a page of a metric of each
// kind, in light and dark, on a phone and on a desk, with all sections unfolded.
func TestPublishedPages_AreAccessible(t *testing.T) {
	script := axe(t)
	ctx := tab(t)
	d := publishedDay()
	folder := published(t, d)
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	defer server.Close()
	check := func(page string, width int64, scheme string) {
		open(ctx, t, server.URL+"/"+page, width, scheme)
		look[int](ctx, t, script+`;document.querySelectorAll("details").forEach(d => d.open = true);1`)
		for _, found := range violations(ctx, t) {
			t.Errorf("%s at %d in %s: %s", page, width, scheme, found)
		}
	}
	check("index.html", 360, "light")
	check("index.html", 1440, "dark")
	kinds := map[string]bool{}
	for _, e := range d.first() {
		kind := fmt.Sprint(e.Level(), len(e.Reading.Values) > 0, len(firedOf(d.Fired, e.Definition.ID)) > 0)
		if !kinds[kind] {
			check(MetricPath(e.Definition.ID), []int64{360, 1440}[len(kinds)%2], []string{"light", "dark"}[len(kinds)/2%2])
		}
		kinds[kind] = true
	}
	if len(kinds) < 8 {
		t.Errorf("only %d kinds of metrics were looked at", len(kinds))
	}
}

// violations runs axe-core over the page.
func violations(ctx context.Context, t *testing.T) []string {
	t.Helper()
	_ = look[int](ctx, t, `window.axeResult = "";axe.run(document, {resultTypes: ["violations"]}).then(r => { window.axeResult = JSON.stringify(r.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | "))) }, e => { window.axeResult = JSON.stringify(["axe-core failed: " + e]) });1`)
	for {
		if result := look[string](ctx, t, `window.axeResult`); result != "" {
			var all []string
			if err := json.Unmarshal([]byte(result), &all); err != nil {
				t.Fatal(err)
			}
			return all
		}
		if _, err := chromedp.Run(ctx, chromedp.Sleep(10*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
	}
}
