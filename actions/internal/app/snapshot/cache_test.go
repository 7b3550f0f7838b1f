package snapshot

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// The cache may be restored by runs of pull requests, so nothing that was mailed
// may be found in it: neither in its bytes nor in what its tables and notes hold.
func TestCache_HoldsNothingThatWasMailed(t *testing.T) {
	s := talkingStage(t)
	var planted []string
	word := func(where string) string {
		w := fmt.Sprintf("zq%dx%s", len(planted), where)
		planted = append(planted, w)
		return w
	}
	id, session := "1bad5eed-0000-4000-8000-00000000beef", "feedfacecafe0042"
	planted = append(planted, id, session, "feedface")
	export := fmt.Sprintf(`{"id":%q,"session_id":%q,"timestamp":%q,"type":"session_start","version":%q,"platform":"linux-x86_64","shell_type":%q,%q:%q}`+"\n",
		id, session, s.world.Now().Add(-time.Hour).Format(time.RFC3339), word("version"), word("shell"), word("field"), word("value"))
	head := func(subject string) string {
		return fmt.Sprintf("From: %s <%s@mail.example>\nReply-To: %s@mail.example\nMessage-ID: <%s@mail.example>\nX-Note: %s\nSubject: %s, my address was leaked\n", word("name"), word("from"), word("reply"), word("id"), word("field"), subject)
	}
	for _, mail := range []string{
		enclosed(head(word("subject")), word("text"), [2]string{export, "Content-Type: application/json; name=" + word("export") + ".json"}, [2]string{word("zip"), "Content-Disposition: attachment; filename=" + word("archive") + ".zip"}),
		enclosed(head("Fwd"), "see", [2]string{"Subject: " + word("inner") + "\n\n" + word("forwarded"), "Content-Type: message/rfc822; name=" + word("eml") + ".eml"}),
		head(word("html")) + "To: beta@caro.example\nContent-Type: text/html\n\n<p title=" + word("title") + ">" + word("markup") + "</p><blockquote>" + word("quoted") + "</blockquote>",
		head(word("calendar")) + "To: beta@caro.example\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nSUMMARY:" + word("summary") + "\nEND:VCALENDAR\n",
		"Auto-Submitted: auto-replied\n" + head(word("automatic")) + "To: beta@caro.example\n\n" + word("away"),
	} {
		s.world.Inbox.Deliver(mail)
	}
	s.world.Advance(time.Minute)
	for range 2 {
		s.must(t)
		s.world.Advance(time.Hour)
	}
	path := filepath.Join(s.dir, ".aftercare/facts.duckdb")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	held := strings.ToLower(string(raw)) + dump(t, path)
	for _, w := range planted {
		if strings.Contains(held, strings.ToLower(w)) {
			t.Errorf("the cache holds %s", w)
		}
	}
	contains(t, "the cache", dump(t, path), "privacy-leak", "automatic", "mailbox/export/") // what is counted is there
}

// dump is all that the tables and the notes of a cache hold, in small letters.
func dump(t *testing.T, path string) string {
	t.Helper()
	facts, _, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = facts.Close() }()
	window := model.Window{From: time.Unix(0, 0), Until: time.Unix(1, 0)}
	var b strings.Builder
	for key, value := range facts.States("") {
		b.WriteString(key + "\n" + value + "\n")
	}
	tables, err := facts.Query(t.Context(), "SELECT table_name FROM information_schema.tables ORDER BY 1", window)
	if err != nil || len(tables.Rows) < 10 {
		t.Fatalf("%d tables, %v", len(tables.Rows), err)
	}
	for _, table := range tables.Rows {
		rows, err := facts.Query(t.Context(), fmt.Sprintf(`SELECT CAST(x AS VARCHAR) FROM "%s" AS x LIMIT 5000`, table[0]), window)
		if err != nil {
			t.Fatalf("%s: %v", table[0], err)
		}
		b.WriteString(fmt.Sprintln(table[0], rows.Rows))
	}
	return strings.ToLower(b.String())
}

// Of the files of reports only the versions that the branch shows are kept.
func TestCache_HoldsTheLastVersionOfEachFile(t *testing.T) {
	s := talkingStage(t)
	s.must(t)
	// A month later nobody asks for the readings of the first month any more.
	for range 8 {
		s.world.Advance(40 * 24 * time.Hour)
		s.must(t)
	}
	facts, _, err := store.Open(t.Context(), filepath.Join(s.dir, ".aftercare/facts.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer facts.Close()
	commits, months := map[string]bool{}, 0
	for key, note := range facts.States(ledgerNotes) {
		if commit, _, _ := strings.Cut(note, "\n"); commit != "head" {
			commits[commit] = true
		}
		if strings.Contains(key, "readings/") {
			months++
		}
	}
	if len(commits) != 1 || months == 0 || months > 4 {
		t.Errorf("files of %d commits are kept, and the readings of %d months", len(commits), months)
	}
}

// A run that ends before it knows the last commit drops no file.
func TestCache_KeepsItsFilesWhereGitHubDidNotAnswer(t *testing.T) {
	facts, _, err := store.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer facts.Close()
	(&ledgerCache{store: facts}).Set(ledgerNotes+"c1/README.md", "+page")
	(&ledgerCache{store: facts}).prune()
	last := &ledgerCache{store: facts}
	if page, found := last.Get(ledgerNotes + "c1/README.md"); !found || page != "+page" {
		t.Errorf("after a run that asked for nothing the cache has %q, %t", page, found)
	}
	last.Set(ledgerNotes+"c2/gate.md", "+gate")
	last.prune()
	if _, found := last.Get(ledgerNotes + "c1/README.md"); found {
		t.Error("a file of an earlier commit is kept")
	}
}
