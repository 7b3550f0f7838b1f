package model

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// Two sources of one table may fail in either order: what is printed of them, and
// so what is committed, is the same.
func TestSortGaps_IsTheSameForEveryOrder(t *testing.T) {
	var all []Gap
	for i := range reflect.TypeFor[Gap]().NumField() { // each pair differs in one field that is shown
		if reflect.TypeFor[Gap]().Field(i).Type.Kind() != reflect.String {
			continue
		}
		for _, value := range []string{"a", "b"} {
			gap := Gap{"github", "issues", "it does not answer", "try again", false}
			reflect.ValueOf(&gap).Elem().Field(i).SetString(value)
			all = append(all, gap)
		}
	}
	want := SortGaps(slices.Clone(all))
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		got := slices.Clone(all)
		rng.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		if got = SortGaps(append(got, got[0])); !slices.Equal(got, want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
	}
}
