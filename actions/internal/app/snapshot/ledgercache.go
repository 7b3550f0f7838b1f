package snapshot

import (
	"strings"
	"sync"

	"github.com/aftercare/aftercare/actions/internal/store"
)

// ledgerCache is the cache of the ledger in the facts: of each file the last version
// that was read, with its commit in front.
type ledgerCache struct {
	store  *store.Store
	mu     sync.Mutex
	commit string // the last that was asked for or kept
}

// Get is a version of a file; it is found where it is the one that is kept.
func (c *ledgerCache) Get(key string) (string, bool) {
	commit, file := c.split(key)
	found, content, ok := strings.Cut(c.store.State(ledgerNotes+file), "\n")
	return content, ok && found == commit
}

// Set keeps a version of a file in place of another.
func (c *ledgerCache) Set(key, value string) {
	commit, file := c.split(key)
	c.store.SetState(ledgerNotes+file, commit+"\n"+value)
}

// prune drops the files of other commits than the last, which nobody asks for again. It
// drops none where the run ended before it knew that commit.
func (c *ledgerCache) prune() {
	if c.commit == "" {
		return
	}
	for key, note := range c.store.States(ledgerNotes) {
		if commit, _, _ := strings.Cut(note, "\n"); commit != "head" && commit != c.commit {
			c.store.DropState(key)
		}
	}
}

const ledgerNotes = "ledger/"

func (c *ledgerCache) split(key string) (commit, file string) {
	commit, file, _ = strings.Cut(strings.TrimPrefix(key, ledgerNotes), "/")
	if commit != "head" { // where the branch is
		c.mu.Lock()
		defer c.mu.Unlock()
		c.commit = commit
	}
	return commit, file
}
