package store

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzCacheFile holds that whatever a cache restores, the facts can be opened: a
// file that is none of ours, or is damaged, is read again from the sources.
func FuzzCacheFile(f *testing.F) {
	f.Add([]byte(""), "")
	f.Add([]byte("SQLite format 3\x00"), "")
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\x00\x00DUCK\x40\x00\x00\x00"), "")
	f.Add([]byte("DUCK"), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	f.Fuzz(func(t *testing.T, content []byte, seal string) {
		path := filepath.Join(t.TempDir(), "facts.duckdb")
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		if seal != "" {
			if err := os.WriteFile(path+".sha256", []byte(seal), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		s, note, err := Open(t.Context(), path)
		if err != nil {
			t.Fatalf("%q: %v", content, err)
		}
		if note == "" && len(content) > 0 {
			t.Logf("opened without a note: %q", content)
		}
		s.SetState("a", "b")
		if s.State("a") != "b" {
			t.Error("it keeps no note")
		}
		if err := s.Close(); err != nil {
			t.Errorf("it cannot be closed: %v", err)
		}
	})
}
