//go:build race

// Package race tells tests whether the race detector watches them, which makes what
// computes up to ten times slower.
package race

// Enabled reports whether the race detector watches.
const Enabled = true
