package snapshot

import (
	"strings"
	"sync"

	"github.com/aftercare/aftercare/actions/internal/store"
)

// kept is the cache of the ledger in the facts: of each file the last version
// that was read, with its commit in front.
type kept struct {
	store  *store.Store
	mu     sync.Mutex
	commit string // the last that was asked for or kept
}

// Get is a version of a file; it is found where it is the one that is kept.
func (k *kept) Get(key string) (string, bool) {
	commit, file := k.split(key)
	found, content, ok := strings.Cut(k.store.State(ledgerNotes+file), "\n")
	return content, ok && found == commit
}

// Set keeps a version of a file in place of another.
func (k *kept) Set(key, value string) {
	commit, file := k.split(key)
	k.store.SetState(ledgerNotes+file, commit+"\n"+value)
}

// prune drops the files of other commits than the last, which nobody asks for again.
func (k *kept) prune() {
	for key, note := range k.store.States(ledgerNotes) {
		if commit, _, _ := strings.Cut(note, "\n"); commit != "head" && commit != k.commit {
			k.store.DropState(key)
		}
	}
}

const ledgerNotes = "ledger/"

func (k *kept) split(key string) (commit, file string) {
	commit, file, _ = strings.Cut(strings.TrimPrefix(key, ledgerNotes), "/")
	if commit != "head" { // where the branch is
		k.mu.Lock()
		defer k.mu.Unlock()
		k.commit = commit
	}
	return commit, file
}
