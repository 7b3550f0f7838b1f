package program

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/mood"
)

// mostFelt is how much of a text is looked at, in bytes.
const mostFelt = 4000

// feeling is how a text feels, from -1 to 1.
func feeling(text string) float64 {
	if len(text) > mostFelt {
		text = strings.ToValidUTF8(text[:mostFelt], "")
	}
	return mood.Score(text)
}
