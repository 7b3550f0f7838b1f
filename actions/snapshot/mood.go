package main

import (
	"strings"
	"sync"

	"github.com/jonreiter/govader"
)

// analyzer is loaded when the first text is read.
var analyzer = sync.OnceValue(govader.NewSentimentIntensityAnalyzer)

// reading is held by one text at a time.
var reading sync.Mutex

// mostFelt is how much of a text is looked at, in bytes.
const mostFelt = 2000

// feeling is how a text feels, from -1 to 1.
func feeling(text string) float64 {
	if len(text) > mostFelt {
		text = strings.ToValidUTF8(text[:mostFelt], "")
	}
	reading.Lock()
	defer reading.Unlock()
	return analyzer().PolarityScores(text).Compound
}
