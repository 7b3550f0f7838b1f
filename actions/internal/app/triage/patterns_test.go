package triage

import (
	"testing"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// TestPatterns compiles what the program otherwise compiles at its first use.
func TestPatterns(t *testing.T) { lazyregexp.CompileAll() }
