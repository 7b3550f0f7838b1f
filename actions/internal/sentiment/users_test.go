package sentiment

import (
	"strings"
	"testing"
)

// What users and developers say, and what a reader hears.
func TestWhatUsersSay(t *testing.T) {
	for want, all := range map[Mood][]string{
		Positive: {
			"👍", "🔥", "💯", "LGTM", "LGTM, ship it.", "Kudos to the whole team.", "Hats off.",
			"Can't live without it.", "I can’t live without this tool any more.", "cant live without it",
			"Works like a charm.", "It worked like a charm on Fedora, too.", "It just works.", "Works flawlessly on my old laptop.",
			"This saved me hours.", "Saved us weeks of work.", "It saves me a lot of typing.", "You just made my day.", "A real time saver.",
			"The history search is a killer feature.", "For our team this is a game-changer.", "The planner is a game changer.",
			"I'm a big fan of the new prompt.", "Exactly what I needed!", "That did the trick.", "The update fixed my issue, cheers.",
			"Highly recommended.", "I can't recommend it enough.", "Never going back to the old shell.", "Can't wait for the final release.",
			"Rock solid so far, no complaints.", "The new parser is blazing fast.", "Not bad for a beta.", "A joy to use.", "I'm impressed.", "My favourite tool by far.", "I recommend it to all my friends.", "Best tool I've used for years.", "You guys rock", "The new release is lovely.", "What a brilliant idea.", "Handy little tool.",
			"It works well.", "Tried #caro: it works well", "Easy to use.", "No problems so far.", "Works as expected.",
			"Thank you so much for this!", "I love how it explains each flag.", "Nice work on the installer.", "It is not a pain in the neck at all, it is lovely.",
		},
		Negative: {
			"💩", "👎", "Meh.", "Great, another crash. Thanks a lot.", "Wonderful. Another regression.", "Nice, it crashed again. Well done.",
			"Perfect, now nothing works. Thanks!", "Thanks for nothing.", "Thanks for wiping my settings.", "Great job breaking the build.", "I love it when it crashes.", "Gotta love these updates.",
			"It deleted my whole home directory.", "Caro wiped my files.", "It overwrote my config without asking.", "The update bricked my laptop.",
			"Uninstalled after five minutes.", "I just uninstalled it.", "doesn't work at all", "It doesnt work at all on Windows.", "Does not work at all.",
			"Completely broken since the last update.", "Totally unusable on a slow line.", "Nothing works.", "It wiped my disk.", "It freezes every single time.", "I am not impressed.", "I regret that I installed it.", "It's still broken.", "It keeps crashing.",
			"What a waste of time.", "I wasted hours on the setup.", "I gave up.", "Switched back to plain grep.", "I wouldn't recommend it.", "Don't bother.", "Stay away from this release.",
			"So slow that I can make tea meanwhile.", "It takes forever to start.", "It drives me nuts.", "A pain in the neck.", "What a mess.", "Never again.", "I'm fed up with this.",
			"caro is broken", "Broken again? It is broken since the update.", "It is slow.", "Impossible to install.", "It failed again.", "It doesn't work well.",
			"It doesn't work like a charm.", "This is terrible.", "I hate the new colours.", "Very disappointing update.", "The search is useless.",
		},
		Neutral: {
			"There is a weird edge case in the parser.", "A strange corner case with empty lines.", "It skips the odd lines.", "sorry, which version is it?", "Sorry, but how do I switch it off?", "Sorry, can you say that again?",
			"It answers 502 bad gateway.", "bash says bad substitution", "Please pretty print the JSON.", "What is the best practice here?", "In the worst case it asks twice.", "It's a false positive of the scanner.",
			"The images use lazy loading.", "The regular expression is a greedy match.", "It moves files to the trash folder.", "Wait for a graceful shutdown.", "It is kind of a wrapper.",
			"It isn't completely broken.", "The link is broken.", "A broken pipe ends the command.", "Does it work well with zsh?", "The garbage collector runs twice.", "Which flag switches the colours off?", "The build runs on macOS 14 and Ubuntu 24.04.", "How do I uninstall it?", "It deleted the temporary file and went on.",
			"caro 2.0 is out", "Ask HN: which shells do you use?", "Steps to reproduce: open a terminal, type a word, press return.", "The process was killed with signal 9.", "Can you add a man page, please 🙏",
		},
	} {
		for _, text := range all {
			t.Run(string(want)+"/"+text, func(t *testing.T) {
				if got := Score(text); moodOf(got) != want {
					t.Errorf("got %s (%.2f), want %s; heard %v", moodOf(got), got, want, observe(text))
				}
			})
		}
	}
}

func TestUsersIsUnderstood(t *testing.T) {
	lines := 0
	for line := range strings.Lines(usersText) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		lines++
		mood, words, _ := strings.Cut(line, " ")
		if _, known := moods[mood]; !known || words == "" {
			t.Errorf("%q: a mood and a phrase are wanted", line)
		}
		if strings.ToLower(line) != line {
			t.Errorf("%q: words are compared in small letters", line)
		}
	}
	if lines < 60 || lines > 170 {
		t.Errorf("got %d lines; the list is to be of use, and short enough to read", lines)
	}
}

func TestPhrases(t *testing.T) {
	list := readPhrases("# a comment\nbogus x\npositive it's/was so good\nnegative so good that, it hurts\nneutral so\nironic 🎉\n")
	for _, c := range []struct {
		name, text, says string
		length           int
	}{
		{"either word", "was so good", praise, 3},
		{"without its apostrophe", "its so good", praise, 3},
		{"a pause where one may be", "so good that... it hurts", complaint, 6},
		{"no pause where one may be", "so good that it hurts", complaint, 5},
		{"no pause where none may be", "it was. so good", "", 0},
		{"the longest that fits", "so good it hurts", "", 1},
		{"an emoji by its name", ":tada:", irony, 1},
		{"another word", "good", "", 0},
		{"the beginning alone", "it was", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, n := list.at(tokens(c.text))
			if p.says != c.says || n != c.length {
				t.Errorf("got %q of %d tokens, want %q of %d", p.says, n, c.says, c.length)
			}
		})
	}
}
