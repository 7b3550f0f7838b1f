package redact

import (
	"cmp"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/race"
)

// maxReads is how many bytes the finders may look at for each byte of a text,
// whatever it says.
const maxReads = 200

// triggers are all that calls a finder or leads it on: each word, prefix,
// separator and sign that the package knows.
func triggers() []string {
	all := []string{
		"a", "1", "Z", "_", "é", "字", "\u200b", "＠", " ", "\n", "\t", "0", "f", "+", "=", ":", "-", ".", "@", "/", `\`, "%", "&", "[", "(", "{", "<", "'", `"`, "`", "*", "|", "~", ",", ";", "#", "?", "!", "$",
		"eyJ", "eyJa.", "-----BEGIN ", "-----BEGIN PRIVATE KEY", "-----BEGIN PRIVATE KEY-----", "-----END ", "---- END ", "---- BEGIN PRIVATE KEY", "PuTTY-User-Key-File-", "Private-MAC:", "AKIA" + "IOSFODNN7EXAMPLE", "://", "a://b:c", "https://",
		"1.2.3.4", "1.1", "1-", "1 ", "12 34 56", "::", "ab:cd:", "00:", "(12) ", "(0", "+1", "+1 ", "x1", "GB82", "gb82", "DE89 ", "AB123456", "12345678", "RSSMRA85T10A562", `\n`, `\r`, "%3D", "%20", "C:", "-u ", "--user ", "--password ", "mysql -p", "-p", "4532", "00",
		"a.b@", "@a.b", "a.", ".a", "-a", "a-", "_a", "a_", "aa", "AA", "a1", "A1", "1a", "0x", "-dot-", " dot ", " at ", " is ", "is", ": ", "= ", "=>", `\"`, `":"`,
	}
	add := func(list []string) { all = append(all, list...) }
	for _, p := range providers {
		add([]string{p.starts, p.starts + p.near})
	}
	for _, x := range infixes {
		add([]string{x.mark, x.near[0] + x.mark})
	}
	for _, ends := range names {
		add(ends)
	}
	for _, list := range [][]string{schemes, hooks, hookPaths, homes, windowsHomes, strokes, ats, spelledAts, spelledDots, passwordWords, copulas, placeWords, marks[:]} {
		add(list)
	}
	for program, letters := range shortOptions {
		for _, letter := range letters {
			add([]string{program + " -" + string(letter), "-" + string(letter)})
		}
	}
	add(queryNames)
	add(crypts)
	add(writtenDots)
	for entity := range entities {
		all = append(all, entity)
	}
	for w := range callWords {
		all = append(all, w+" ")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// repeat is a piece again and again, of so many bytes.
func repeat(piece string, size int) string { return strings.Repeat(piece, size/len(piece)+1)[:size] }

// joints are the signs and words that stand between others.
var joints = []string{" ", "\n", "=", ":", "-", ".", "@", "/", `\`, "%", "(", "[", "'", `"`, "_", "a", "1", "A1", "+", "*", "é", "\u200b", ": ", " is ", "://", "a.", "%3D", "&", "|", "<"}

// reads is how many bytes the finders look at in a text.
func reads(s string) int {
	f := fold(s)
	x := &text{s: f.s}
	x.find()
	return x.reads
}

// Reading must not cost more than a constant for each byte: a mail, an export or
// an issue of a megabyte that somebody made for it would otherwise hold up a run
// for minutes, and with it the alerts. Each trigger, alone and with each joint
// before and behind it, is repeated; what reads many bytes is looked at again in
// sixteen times as much text, and the costliest in a megabyte. The reads are
// counted, so that no slow machine fails the test.
func TestFind_IsLinear(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	const small, suspect = 1 << 10, 20
	costs := map[string]int{}
	check := func(piece string) {
		s := repeat(piece, small)
		n := reads(s)
		costs[piece] = n
		if n <= suspect*small {
			return
		}
		if long := reads(repeat(piece, 16*small)); long > 20*n {
			t.Errorf("%q again and again: %d reads in %d bytes, %d in sixteen times as many", piece, n, small, long)
		}
	}
	all := triggers()
	for i, piece := range all {
		check(piece)
		if testing.Short() && i%3 > 0 {
			continue // in pairs only whole runs try them all
		}
		for j, joint := range joints {
			if len(piece) > 24 || len(piece) > 6 && j%6 > 0 || (i+j)%2 > 0 {
				continue // most are prefixes of services, which differ by their class alone
			}
			check(piece + joint)
			check(joint + piece)
		}
		check(piece + all[(i*37+11)%len(all)])
	}
	pieces := slices.SortedFunc(maps.Keys(costs), func(a, b string) int {
		return cmp.Or(cmp.Compare(costs[b], costs[a]), cmp.Compare(a, b))
	})
	const large = 1 << 20
	for _, piece := range pieces[:8] {
		if n := reads(repeat(piece, large)); n > maxReads*large {
			t.Errorf("%q for a megabyte: %d reads for each byte, want at most %d", piece, n>>20, maxReads)
		}
	}
	t.Logf("%d texts; the costliest is %q with %d reads for each byte", len(pieces), pieces[0], costs[pieces[0]]/small)
}

// A stretch of one trigger before a long stretch of something else must not make
// each trigger read the whole stretch.
func TestFind_ReadsNoStretchAgain(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	for _, head := range triggers() {
		for _, tail := range []string{"a", "1", "=", ".", "_", "A1", "*", `\`, "+/"} {
			text := func(size int) string { return strings.Repeat(head, size/len(head)+1) + repeat(tail, size) }
			if a, b := reads(text(512)), reads(text(4<<10)); b > 10*a+4<<10 {
				t.Errorf("%q before %q: %d reads, and of eight times as much text %d", head, tail, a, b)
			}
		}
	}
}

// Text searches again after it has replaced: that must come to an end.
func TestText_SearchesAFewTimes(t *testing.T) {
	for _, piece := range []string{"212-555-0187-", "a@b.cc", "a@b.cc@", "1.2.3.45.", "password=x@y.cc&", "+49 30 901820", "00:1B:44:11:3A:B7:", "/home/ann/home/"} {
		s := repeat(piece, 64<<10)
		if once := Text(s); Text(once) != once {
			t.Errorf("%q: the text that is left has something to hide", piece)
		}
	}
}

// Every byte is read through the methods that count: no finder reaches around
// them.
func TestFind_ReadsThroughItsCounter(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	direct := regexp.MustCompile(`\bt\.s\[|\(t\.s[,)]`)
	for _, f := range files {
		name := f.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == "text.go" {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(src), "\n") {
			if direct.MatchString(strings.ReplaceAll(line, "len(t.s)", "")) {
				t.Errorf("%s:%d: reads the text without counting: %s", name, i+1, strings.TrimSpace(line))
			}
		}
	}
}

// BenchmarkFind1MB measures a megabyte of each kind of text; each must stay
// under 200 ms.
func BenchmarkFind1MB(b *testing.B) {
	for name, piece := range map[string]string{
		"prose": "It crashes on start, since the last update of version 1.2.3 on Linux. ", "token=": "token=", "password=": "password=", "digits": "1 22 333 4444 ", "at": "a@a.", "home": "/home/",
		"JSON": `{"id":"6f9619ff-8b86-d011-b42d-00cf4fc96400","session_id":"9f86d081884c7d65","timestamp":"2026-01-27T09:00:00Z","duration_ms":12},`, "wide": "テキスト＠", "colons": "ab:cd:", "signs": "a1.-@:/ ", "strokes": `a\`, "pw": ":pw", "options": "-A",
	} {
		b.Run(name, func(b *testing.B) {
			s := repeat(piece, 1<<20)
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				Find(s)
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/MB")
		})
	}
}
