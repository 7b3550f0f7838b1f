package model

import (
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

func TestParseDuration(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Duration
		back string
	}{
		{"15m", 15 * time.Minute, "15m"},
		{"90m", 90 * time.Minute, "1h30m"},
		{"1d12h", 36 * time.Hour, "1d12h"},
		{"2w", 14 * 24 * time.Hour, "14d"},
		{"0s", 0, "0s"},
	} {
		got, err := ParseDuration(c.text)
		if err != nil || got.Duration() != c.want || got.String() != c.back {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v printed as %s", c.text, got, err, c.want, c.back)
		}
	}
	for _, bad := range []string{"", "1", "h", "1x", "12h1d", "1d1d", "-1h", "99999999999h", "1000w", "1.5h", "1 h"} {
		if got, err := ParseDuration(bad); err == nil {
			t.Errorf("ParseDuration(%q) = %v, want an error", bad, got)
		}
	}
}

// What is read prints back as something that reads the same.
func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"15m", "1d12h", "2w3s", "999999h", "1h1h", "٣h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDuration(s)
		if err != nil {
			return
		}
		again, err := ParseDuration(d.String())
		if err != nil || again != d {
			t.Fatalf("%q reads as %d, prints %q, which reads as %d, %v", s, d, d, again, err)
		}
	})
}

func TestDurationInYAML(t *testing.T) {
	var page struct{ For, Window Duration }
	if err := yaml.Unmarshal([]byte("{for: 90m, window: 3d}"), &page); err != nil {
		t.Fatal(err)
	}
	out, err := yaml.Marshal(page)
	if want := "for: 1h30m\nwindow: 3d\n"; err != nil || string(out) != want {
		t.Errorf("got %q, %v; want %q", out, err, want)
	}
	for _, bad := range []string{"{for: 3}", "{for: [1h]}", "{for: {}}", "{for: soon}"} {
		if err := yaml.Unmarshal([]byte(bad), &page); err == nil {
			t.Errorf("%s reads as %s", bad, page.For)
		}
	}
	if got := Duration(-90 * time.Minute).String(); got != "-1h30m" {
		t.Errorf("a length below nothing: got %s", got)
	}
}
