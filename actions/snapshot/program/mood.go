package program

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/mask"
	"github.com/aftercare/aftercare/actions/internal/mood"
	"github.com/aftercare/aftercare/actions/internal/text"
)

// mostFelt is how much of a text is looked at, in bytes.
const mostFelt = 4000

// feeling is how a text feels, from -1 to 1.
func feeling(words string) float64 {
	return mood.Score(beginning(words))
}

// request is what an issue asks for, on a line, masked.
func request(title, body string) string { return mask.Text(text.Request(title, beginning(body))) }

func beginning(s string) string {
	if len(s) > mostFelt {
		return strings.ToValidUTF8(s[:mostFelt], "")
	}
	return s
}
