//go:build !race

// Package race tells tests whether the race detector watches them. What repeats
// the same code many thousand times does a part of it then, and the whole
// without: `make test` runs both.
package race

// Enabled reports whether the race detector is on.
const Enabled = false
