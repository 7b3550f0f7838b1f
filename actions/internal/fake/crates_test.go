package fake_test

import (
	"strings"
	"testing"
	"time"
)

func TestTheRegistryTellsVersionsYanksAndDays(t *testing.T) {
	w := world(t)
	day := w.Now()
	for _, num := range []string{"0.1.0", "0.2.0", "0.3.0", "0.4.0", "1.0.0", "1.1.0-beta", "1.1.0-alpha.2"} {
		w.Crates.Publish("caro", num)
		w.Crates.Download("caro", num, day, 2)
		w.Crates.Download("caro", num, day.AddDate(0, 0, -100), 50)
	}
	w.Crates.Yank("caro", "1.0.0")
	var got struct {
		Crate struct {
			MaxVersion      string `json:"max_version"`
			MaxStable       string `json:"max_stable_version"`
			Downloads       int
			RecentDownloads int `json:"recent_downloads"`
			Yanked          bool
		}
		Versions []struct {
			Num    string
			Yanked bool
		}
	}
	ask(t, "GET", w.Crates.URL+"/api/v1/crates/caro", nil).into(t, &got)
	if got.Crate.MaxVersion != "1.1.0-beta" || got.Crate.MaxStable != "0.4.0" || got.Crate.Downloads != 7*52 || got.Crate.RecentDownloads != 14 || got.Crate.Yanked {
		t.Errorf("got the crate %+v", got.Crate)
	}
	var order []string
	for _, v := range got.Versions {
		if v.Yanked != (v.Num == "1.0.0") {
			t.Errorf("%s is yanked: %v", v.Num, v.Yanked)
		}
		order = append(order, v.Num)
	}
	if s := strings.Join(order, " "); s != "1.1.0-beta 1.1.0-alpha.2 1.0.0 0.4.0 0.3.0 0.2.0 0.1.0" {
		t.Errorf("the versions come as %s", s)
	}
	var days struct {
		Days []struct {
			Version, Downloads int
			Date               string
		} `json:"version_downloads"`
		Meta struct {
			Extra []struct {
				Downloads int
				Date      string
			} `json:"extra_downloads"`
		}
	}
	ask(t, "GET", w.Crates.URL+"/api/v1/crates/caro/downloads", nil).into(t, &days)
	if len(days.Days) != 5 || len(days.Meta.Extra) != 1 || days.Meta.Extra[0].Downloads != 4 || days.Meta.Extra[0].Date != day.Format(time.DateOnly) {
		t.Errorf("got the days %+v; want one for each of five versions, and 4 for the others", days)
	}
}

func TestAYankedVersionIsNotTheNewest(t *testing.T) {
	w := world(t)
	max := func() (string, bool) {
		var got struct {
			Crate struct {
				MaxVersion string `json:"max_version"`
				Yanked     bool
			}
		}
		ask(t, "GET", w.Crates.URL+"/api/v1/crates/caro", nil).into(t, &got)
		return got.Crate.MaxVersion, got.Crate.Yanked
	}
	w.Crates.Publish("caro", "1.0.0")
	w.Crates.Publish("caro", "1.1.0")
	w.Crates.Yank("caro", "1.1.0")
	if num, yanked := max(); num != "1.0.0" || yanked {
		t.Errorf("one yanked: got %s, %v", num, yanked)
	}
	w.Crates.Yank("caro", "1.0.0")
	if num, yanked := max(); num != "1.1.0" || !yanked {
		t.Errorf("all yanked: got %s, %v", num, yanked)
	}
	w.Crates.Unyank("caro", "1.0.0")
	if num, yanked := max(); num != "1.0.0" || yanked {
		t.Errorf("given out again: got %s, %v", num, yanked)
	}
}

func TestTheRegistryWantsToKnowWhoAsks(t *testing.T) {
	w := world(t)
	w.Crates.Publish("caro", "1.0.0")
	for _, agent := range []string{"", "Go-http-client/1.1"} {
		got := ask(t, "GET", w.Crates.URL+"/api/v1/crates/caro", nil, "User-Agent", agent)
		if got.status != 403 || !strings.Contains(string(got.body), "User-Agent") {
			t.Errorf("as %q: got %d %s", agent, got.status, got.body)
		}
	}
	if got := ask(t, "GET", w.Crates.URL+"/api/v1/crates/none", nil); got.status != 404 {
		t.Errorf("a crate that is none: %d", got.status)
	}
}
