package redact

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// dataFile opens a file of the folder of real data, and skips the test where it
// is not there.
func dataFile(t *testing.T, name ...string) string {
	t.Helper()
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{folder}, name...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s here: AFTERCARE_DATA names the folder that holds it", filepath.Join(name...))
	}
	return path
}

// tuned reports whether a text is of the half that the finders were made with;
// the other half only measures.
func tuned(s string) bool { return crc32.ChecksumIEEE([]byte(s))%2 == 0 }

// generatedKinds are the kinds of the generated texts that have a form of
// their own.
var generatedKinds = map[string]bool{"PHONE_NUMBER": true, "CREDIT_CARD": true, "US_SSN": true, "IP_ADDRESS": true, "EMAIL_ADDRESS": true, "IBAN_CODE": true}

// generated is a text of an independent generator with its spans, by runes.
type generated struct {
	Text  string `json:"full_text"`
	Spans []struct {
		Kind string `json:"entity_type"`
		From int    `json:"start_position"`
		To   int    `json:"end_position"`
	} `json:"spans"`
}

// score counts what was to be found and what was, by kind.
type score map[string][2]int

func (s score) add(kind string, found bool) {
	n := s[kind]
	n[1]++
	if found {
		n[0]++
	}
	s[kind] = n
}

func (s score) total() (found, wanted int) {
	for _, n := range s {
		found, wanted = found+n[0], wanted+n[1]
	}
	return found, wanted
}

// hides reports whether every letter and digit of a span is hidden.
func hides(spans []Span, from, until int) bool {
	for _, s := range spans {
		if s.From <= from && until <= s.Until {
			return true
		}
	}
	return false
}

// A person's address, number, card or account in a text of an independent
// generator would leave if it is not found. At least 97% are, on the half that
// nobody looked at too.
func TestQuality_FindsPersonalDataOfGeneratedTexts(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(filepath.Dir(dataFile(t, "pii", "presidio-small.json")), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var texts []generated
		if err := json.Unmarshal(src, &texts); err != nil {
			t.Fatal(err)
		}
		for _, half := range []bool{true, false} {
			found, wrong := score{}, 0
			for _, text := range texts {
				if tuned(text.Text) != half {
					continue
				}
				wrong += judge(t, text, found, half)
			}
			got, wanted := found.total()
			t.Logf("%s, %s: %d of %d found %v, %d wrong", filepath.Base(path), halfName(half), got, wanted, found, wrong)
			if float64(got) < 0.97*float64(wanted) || wrong > 0 {
				t.Errorf("%s, %s: %d of %d found, %d wrong; want 97%% and none", filepath.Base(path), halfName(half), got, wanted, wrong)
			}
		}
	}
}

func halfName(tuned bool) string {
	if tuned {
		return "tuned half"
	}
	return "unseen half"
}

// judge counts what is found of one text, and answers with how much is hidden
// of a text that holds nothing personal.
func judge(t *testing.T, text generated, found score, shown bool) (wrong int) {
	spans, places := Find(text.Text), []int{}
	for at := range text.Text {
		places = append(places, at)
	}
	places = append(places, len(text.Text))
	for _, s := range text.Spans {
		if !generatedKinds[s.Kind] {
			continue
		}
		ok := hides(spans, places[s.From], places[s.To])
		found.add(s.Kind, ok)
		if !ok && shown {
			t.Logf("missed %s %q in %q", s.Kind, text.Text[places[s.From]:places[s.To]], around(text.Text, places[s.From], places[s.To]))
		}
	}
	if len(text.Spans) == 0 {
		for _, s := range spans {
			wrong++
			if shown {
				t.Logf("wrong %s %q", s.Kind, text.Text[s.From:s.Until])
			}
		}
	}
	return wrong
}

func around(s string, from, until int) string {
	return strings.ToValidUTF8(s[max(0, from-32):min(len(s), until+16)], "")
}

// ordinary reads the titles and bodies of ordinary issues of three trackers.
func ordinary(t *testing.T) map[string][]string {
	t.Helper()
	texts := map[string][]string{}
	labels, err := os.Open(dataFile(t, "labels", "nlbse24-train.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer labels.Close()
	unzipped, err := gzip.NewReader(labels)
	if err != nil {
		t.Fatal(err)
	}
	rows := csv.NewReader(unzipped)
	rows.LazyQuotes, rows.FieldsPerRecord = true, -1
	for {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		texts["nlbse"] = append(texts["nlbse"], row[len(row)-2]+"\n"+row[len(row)-1])
	}
	for name, file := range map[string]string{"matomo": "matomo-2008-2014.jsonl.gz", "bitcoin": "bitcoin-core-gui.issues.jsonl.gz"} {
		texts[name] = issueTexts(t, dataFile(t, "issues", file))
	}
	return texts
}

func issueTexts(t *testing.T, path string) (texts []string) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	type issue struct{ Title, Body string }
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var line struct {
			issue
			Issue issue
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, line.Title+line.Issue.Title+"\n"+line.Body+line.Issue.Body)
	}
	return texts
}

// What is hidden in ordinary issues is listed for people to judge with -v, and
// bounded by kind: a sentence with a hole in it that hides nobody costs the
// reader. Folders, addresses and hosts of people are in many issues; what else
// is found was judged, and is a password, a token or a cookie but for two or
// three in a thousand issues.
func TestQuality_LeavesOrdinaryIssuesAlone(t *testing.T) {
	for name, texts := range ordinary(t) {
		for _, half := range []bool{true, false} {
			issues, other, kinds := 0, 0, map[string]int{}
			for _, text := range texts {
				if tuned(text) != half {
					continue
				}
				issues++
				for _, kind := range kindsOf(t, text, half) {
					kinds[kind]++
					if kind != email && kind != home && kind != ipv4 && kind != ipv6 {
						other++
					}
				}
			}
			t.Logf("%s, %s: of %d issues so many have something hidden: %v", name, halfName(half), issues, kinds)
			if other > issues*14/1000+1 || kinds[phone]+kinds[card]+kinds[iban]+kinds[password]+kinds[appToken] > issues/1000 || kinds[email] > issues*25/1000+2 {
				t.Errorf("%s, %s: too much is hidden of %d issues: %v", name, halfName(half), issues, kinds)
			}
		}
	}
}

// kindsOf are the kinds that are found in a text, each once.
func kindsOf(t *testing.T, text string, shown bool) (kinds []string) {
	for _, s := range Find(text) {
		if slices.Contains(kinds, s.Kind) {
			continue
		}
		kinds = append(kinds, s.Kind)
		if shown && s.Kind != home {
			t.Logf("%s %q in %q", s.Kind, text[s.From:s.Until], around(text, s.From, s.Until))
		}
	}
	return kinds
}
