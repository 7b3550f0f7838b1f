package sentiment

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestScore(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       Mood
	}{
		{"thanks are glad", "Thanks a lot, this works great!", Positive},
		{"a smile alone is glad", "done :)", Positive},
		{"an emoji by name is glad", "merged :heart:", Positive},
		{"an emoji of Unicode reads like its name", "merged ❤", Positive},
		{"praise held for long is praise", "this is sooooo awesome", Positive},
		{"anger is sad", "This is ridiculous, I hate this stupid dialog.", Negative},
		{"a frown alone is sad", "still broken :(", Negative},
		{"an apology is sad", "Sorry, my mistake.", Negative},
		{"a killed process is plain", "Then kill the process and start the daemon again.", Neutral},
		{"a fatal error is plain", "It prints a fatal error and aborts.", Neutral},
		{"a dead lock is plain", "Two threads dead lock on the mutex.", Neutral},
		{"master and slave are plain", "The slave reads from the master.", Neutral},
		{"a blocker is plain", "This is a blocker for the release.", Neutral},
		{"code has no mood", "```\nprint(\"I hate this stupid thing :(\")\n```", Neutral},
		{"a span of code has no mood", "See `hate.stupid :(` in the file.", Neutral},
		{"a quote is not the writer's", "> I hate this stupid dialog :(\n\nMerged.", Neutral},
		{"a quoted mail in one line is not the writer's", "Merged. On Monday a person wrote: > I hate this stupid dialog :(", Neutral},
		{"a stack trace has no mood", "It prints:\n\n    stupid.hate\nat ugly.Terrible(Hate.java:1)\n", Neutral},
		{"an address has no mood", "See https://example.org/awesome/love:)", Neutral},
		{"a mentioned name has no mood", "@awesome-love can you rebase", Neutral},
		{"news is plain", "Show HN: Otter, a program that turns words into shell commands", Neutral},
		{"a question is plain", "How does this one compare to the others?", Neutral},
		{"a release is plain", "otter 2.0.0-rc1 is out", Neutral},
		{"the name of a thing is plain", "Is that the formatting of the tag, or how one spells it?", Neutral},
		{"the name of a thing is plain though it sounds glad", "Create a commit with the original security support.", Neutral},
		{"nothing is neutral", "", Neutral},
		{"what stands behind a long log is not read", strings.Repeat("12:00 started\n", 300) + "I hate this stupid thing :(", Neutral},
		{"a text in no alphabet of ours is neutral", "これはテストです", Neutral},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Score(c.text); moodOf(got) != c.want {
				t.Errorf("%q: got %s (score %.2f), want %s", c.text, moodOf(got), got, c.want)
			}
		})
	}
}

func TestScoreOrders(t *testing.T) {
	for _, c := range []struct{ name, sadder, gladder string }{
		{"no smile is less glad than a smile", "done", "done :)"},
		{"a negation turns praise", "this is not good", "this is good"},
		{"anger is sadder than doubt", "I hate this, it is awful", "I am not sure about this"},
		{"a plain text is gladder than a sad one", "This is stupid", "This is a list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if low, high := Score(c.sadder), Score(c.gladder); low >= high {
				t.Errorf("%q scores %.2f, %q %.2f", c.sadder, low, c.gladder, high)
			}
		})
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a fence and what is in it", "a\n```go\nb\n```\nc", "a c"},
		{"a fence that is never closed", "a\n```\nb", "a"},
		{"a fence in one line", "a\n```b```\nc", "a c"},
		{"a span of code", "a `b c` d", "a d"},
		{"a lone backtick", "a ` d", "a d"},
		{"a quote", "> a\nb", "b"},
		{"indented code after an empty line", "a\n\n    b\n", "a"},
		{"an indented line within a paragraph", "a\n    b\n", "a b"},
		{"the target of a link", "[a](b) c", "[a c"},
		{"tags", "a <b href='x'>c</b> 1 < 2 <3", "a c 1 < 2 <3"},
		{"mentions", "a @b-c d", "a d"},
		{"addresses", "a (https://b/c) www.d.e f", "a ( ) f"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(strings.Fields(cut(c.text)), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"words in lower case", "Don't PANIC", "don't PANIC!"},
		{"faces without noses", "a:-) b :-( =D ;) :'( :/", "a :) b :( :D ;) :( :/"},
		{"a face at the end of a bracket", "(a :))", ". a :) ."},
		{"no face in a path or a time", "C:/x 10:30", "c . x . . ."},
		{"held letters", "sooooo", "soo"},
		{"names of code are ends", "some_name someName call() a", ". . . . . a"},
		{"signs in a row", "what?? no!!!! hm...", "what ?? no !!! hm ..."},
		{"emoji and names of emoji", "🎉 :tada: ☂ :octocat:", ":D :D ☂ :octocat:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, k := range tokens(c.text) {
				if k.loud {
					k.text = strings.ToUpper(k.text) + "!"
				}
				got = append(got, k.text)
			}
			if got := strings.Join(got, " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// FuzzScore holds that any text has a mood: a score within -1 and 1, the same
// each time.
func FuzzScore(f *testing.F) {
	for _, s := range []string{"", "thanks :)", "```", "`a", "<b", "> q", ":-", ":", "^", "@", "](", "wrote: >", "\xff’", "a’", "soooo", "http://"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		score := Score(s)
		if math.IsNaN(score) || score < -1 || score > 1 || score != Score(s) {
			t.Fatalf("%q scores %v", s, score)
		}
		for _, k := range tokens(cut(s)) {
			if utf8.ValidString(s) && !utf8.ValidString(k.text) {
				t.Fatalf("%q has the token %q", s, k.text)
			}
		}
	})
}

// BenchmarkScore measures comments of the length that comments have.
func BenchmarkScore(b *testing.B) {
	all := comments(b)
	Score("the lexicons are read")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Score(all[i%len(all)].text)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "comments/s")
}

// BenchmarkLexicons measures what the first text waits for.
func BenchmarkLexicons(b *testing.B) {
	for b.Loop() {
		readLexicon(lexiconText)
		readGeneral()
	}
}
