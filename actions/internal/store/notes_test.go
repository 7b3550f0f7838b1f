package store

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNotes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facts.duckdb")
	s, _, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	change := func(do func(*Change)) {
		t.Helper()
		if err := s.Change(t.Context(), func(c *Change) error { do(c); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	change(func(c *Change) {
		for _, key := range []string{"mail/1", "mail/2", "cursor"} {
			c.SetState(key, "x")
		}
	})
	s.SetState("etag", "e")
	s.SetState("mail/3", "alone")
	// What is forgotten and noted again in one change is noted, and what is noted
	// and then forgotten is not, also where it has the same value as before.
	change(func(c *Change) {
		c.SetState("mail/4", "y")
		if err := c.ForgetStates("mail/"); err != nil {
			t.Fatal(err)
		}
		c.SetState("mail/1", "x")
	})
	broken := errors.New("broken off")
	err = s.Change(t.Context(), func(c *Change) error {
		c.SetState("cursor", "lost")
		return errors.Join(c.ForgetStates("etag"), broken)
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	for range 2 {
		if got := s.States(""); len(got) != 3 || got["mail/1"] != "x" || got["cursor"] != "x" || s.State("etag") != "e" || s.State("mail/2") != "" {
			t.Errorf("the notes are %q", got)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		var note string
		if s, note, err = Open(t.Context(), path); err != nil || note != "" {
			t.Fatalf("%q, %v", note, err)
		}
	}
	s.Close()
}

// A long note that changes in each run must not make the file longer each time.
func TestNotes_LeaveNothingOfEarlierVersions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facts.duckdb")
	const long, runs = 200_000, 30
	for range runs {
		s, note, err := Open(t.Context(), path)
		if err != nil || note != "" {
			t.Fatalf("%q, %v", note, err)
		}
		s.SetState("file", rand.Text()+strings.Repeat("x", long))
		s.SetState("dropped", "x")
		s.DropState("dropped")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > runs*long/2 {
		t.Errorf("after %d runs with a note of %d bytes the file has %d bytes", runs, long, info.Size())
	}
	s, _, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := s.States(""); len(got) != 1 || len(got["file"]) < long {
		t.Errorf("%d notes are kept", len(got))
	}
}

// A process that ends after the notes were written, and before the file is, loses none.
func TestNotes_SurviveTheEndOfAProcessThatWroteThem(t *testing.T) {
	from, to := file(filepath.Join(t.TempDir(), "facts.duckdb")), file(filepath.Join(t.TempDir(), "facts.duckdb"))
	s, _, err := Open(t.Context(), string(from))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.SetState("etag", "e")
	err = s.Change(t.Context(), func(c *Change) error {
		c.SetState("cursor", "x")
		return c.rewrite(s.States(""))
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]string{{string(from), string(to)}, {from.wal(), to.wal()}} {
		src, err := os.ReadFile(pair[0])
		if err == nil {
			err = os.WriteFile(pair[1], src, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	again, note, err := Open(t.Context(), string(to))
	if err != nil || note != "" {
		t.Fatalf("%q, %v", note, err)
	}
	defer again.Close()
	if got := again.States(""); len(got) != 2 || got["etag"] != "e" || got["cursor"] != "x" {
		t.Errorf("the notes are %q", got)
	}
}
