// Package keyphrase finds the noun phrases of a text: what it is about. Their
// heads (the last word) are the themes of bug reports and survey answers. Parts
// of speech are tagged by github.com/jdkato/prose, which knows English alone.
//
// Tags differ between runs in a few sentences of ten thousand, so a text is
// tagged once, when it is read, and its phrases are kept. They name groups for
// people to read: they decide no label, no notification and no redaction, and
// the text must be redacted before.
package keyphrase

import (
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/jdkato/prose/v2"
	"github.com/jinzhu/inflection"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

const (
	// maxText is how much of a text is read, in bytes.
	maxText = 16 << 10
	// maxSentence is how many words are tagged at once. The tokenizer's time grows
	// with the square of what it gets.
	maxSentence = 60
	// maxWord is how long a word may be, in bytes; longer ones are none.
	maxWord = 40
	// maxPhrase is how many words a phrase has: the head and those before it.
	maxPhrase = 3
	// maxPhrases is how many phrases a text has.
	maxPhrases = 40
)

// Phrases returns the distinct noun phrases of a text in the order of their
// first appearance, in lower case, the head last and in the singular: "software
// installation". It is nil where the text has none.
//
// It may be called by several goroutines. The first call with a word in it loads
// the model, which takes about a third of a second.
func Phrases(text string) []string {
	var found []string
	for _, sentence := range sentences(text) {
		for _, phrase := range nounPhrases(tag(sentence)) {
			if len(found) < maxPhrases && !slices.Contains(found, phrase) {
				found = append(found, phrase)
			}
		}
	}
	return found
}

// sentences returns the sentences of a text as the tagger wants them: words
// between spaces, at most maxSentence of them, a comma where something stood
// between two words.
func sentences(text string) []string {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	text = withoutRedactions(text)
	var all []string
	var now []string
	words, last := 0, int32(0)
	end := func() {
		if words > 0 {
			all = append(all, strings.Join(append(now, "."), " "))
		}
		now, words = nil, 0
	}
	for _, w := range issuetext.Words(text) {
		if w.Sentence != last || words == maxSentence {
			end()
			last = w.Sentence
		}
		if w.Break && words > 0 {
			now = append(now, ",")
		}
		if w.End-w.Start > maxWord {
			now = append(now, ",")
			continue
		}
		word := text[w.Start:w.End]
		if words == 0 && word != "I" && word[1:] == strings.ToLower(word[1:]) {
			word = strings.ToLower(word) // the tagger takes Remove and See for names
		}
		now, words = append(now, word), words+1
	}
	end()
	return all
}

// model is the tagger's, loaded at the first use.
var model struct {
	sync.Mutex
	loaded *prose.Model
}

// load returns the model.
func load() *prose.Model {
	model.Lock()
	defer model.Unlock()
	if model.loaded == nil {
		defer debug.SetGCPercent(debug.SetGCPercent(10)) // decoding leaves as much garbage as the model is large
		empty, err := prose.NewDocument("", prose.WithSegmentation(false), prose.WithExtraction(false))
		if err != nil {
			panic(err) // the model is embedded, and a test loads it
		}
		model.loaded = empty.Model
	}
	return model.loaded
}

// Unload lets go of the model, which takes about 40 MB of memory, and reports
// whether it was loaded. The next text loads it again.
func Unload() bool {
	model.Lock()
	defer model.Unlock()
	was := model.loaded != nil
	model.loaded = nil
	return was
}

// tag returns the tokens of one sentence with their parts of speech. Equal
// tokens of a call share one tag, so a call gets no more than a sentence.
func tag(sentence string) []prose.Token {
	doc, err := prose.NewDocument(sentence, prose.UsingModel(load()), prose.WithSegmentation(false), prose.WithExtraction(false))
	if err != nil {
		return nil
	}
	return doc.Tokens()
}

// nounPhrases returns the phrases of a sentence: nouns, and the adjectives
// before them.
func nounPhrases(tokens []prose.Token) []string {
	var all []string
	var run []prose.Token
	end := func() {
		if phrase := phraseOf(run); phrase != "" {
			all = append(all, phrase)
		}
		run = nil
	}
	for _, t := range tokens {
		switch {
		case !isLatin(t.Text):
			end()
		case isNoun(t):
			run = append(run, t)
		case t.Tag == "JJ":
			if len(run) > 0 && isNoun(run[len(run)-1]) {
				end()
			}
			run = append(run, t)
		default:
			end()
		}
	}
	end()
	return all
}

// phraseOf returns the phrase that a run of adjectives and nouns is: without
// words at its end that say nothing ("installation problem" is about the
// installation). It is empty where no noun is left.
func phraseOf(run []prose.Token) string {
	for len(run) > 0 && (!isNoun(run[len(run)-1]) || general[singular(run[len(run)-1])]) {
		run = run[:len(run)-1]
	}
	if len(run) == 0 {
		return ""
	}
	head := singular(run[len(run)-1])
	words := []string{head}
	for _, t := range slices.Backward(run[:len(run)-1]) {
		if word := issuetext.Fold(t.Text); len(words) < maxPhrase && word != head && !vague[word] {
			words = append([]string{word}, words...)
			continue
		}
		break
	}
	return strings.Join(words, " ")
}

func isNoun(t prose.Token) bool { return strings.HasPrefix(t.Tag, "NN") }

// isLatin reports whether a token is a word of two letters or more, all Latin.
// The tagger takes every word of another script for a noun.
func isLatin(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
			if !unicode.Is(unicode.Latin, r) {
				return false
			}
		}
	}
	return letters > 1
}

// singular returns a noun in lower case, and in the singular where its tag says
// that it is a plural.
func singular(t prose.Token) string {
	word := issuetext.Fold(t.Text)
	if t.Tag == "NNS" && !unchanged[word] {
		return inflection.Singular(word)
	}
	return word
}
