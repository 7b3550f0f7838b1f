package main

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// kept holds the story to the schedules of the shipped workflows: each run comes at a
// time at which one of them starts it, and the sweep after a mail is not missed.
func kept(t *testing.T, s *stage) {
	t.Helper()
	for _, r := range s.scheduled {
		crons := cronsOf(t, r.program)
		if r.program == "snapshot" { // the whole plan first, then the sweep
			crons = crons[map[bool]int{false: 0, true: 1}[r.sweep]:][:1]
		}
		if !slices.ContainsFunc(crons, func(cron string) bool { return isDue(t, cron, r.at) }) {
			t.Errorf("%s runs at %s, and its workflow at %q", r.program, r.at.Format(time.RFC3339), crons)
		}
	}
	for _, mail := range s.mails {
		if !slices.ContainsFunc(s.scheduled, func(r scheduled) bool {
			return r.program == "snapshot" && r.at.After(mail) && !r.at.After(mail.Add(15*time.Minute))
		}) {
			t.Errorf("no sweep within a quarter of an hour reads the mail of %s", mail.Format(time.RFC3339))
		}
	}
}

var cronLine = regexp.MustCompile(`- cron: '([^']+)'`)

// cronsOf are the schedules of a program's shipped workflow, in their order.
func cronsOf(t *testing.T, program string) []string {
	t.Helper()
	src, err := os.ReadFile("../../.github/workflows/" + program + ".yml")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range cronLine.FindAllStringSubmatch(string(src), -1) {
		all = append(all, m[1])
	}
	return all
}

// isDue reports whether a schedule starts a run in the minute of a time.
func isDue(t *testing.T, cron string, at time.Time) bool {
	t.Helper()
	fields := strings.Fields(cron)
	if len(fields) != 5 {
		t.Fatalf("%q is no schedule", cron)
	}
	for i, now := range []int{at.Minute(), at.Hour(), at.Day(), int(at.Month()), int(at.Weekday())} {
		if !slices.ContainsFunc(strings.Split(fields[i], ","), func(part string) bool { return fits(t, part, now) }) {
			return false
		}
	}
	return true
}

func fits(t *testing.T, part string, now int) bool {
	t.Helper()
	if part == "*" {
		return true
	}
	step, every := strings.CutPrefix(part, "*/")
	n, err := strconv.Atoi(step)
	if err != nil {
		t.Fatalf("%q of a schedule is not known to this test", part)
	}
	return every && now%n == 0 || !every && now == n
}

func TestIsDue(t *testing.T) {
	monday := time.Date(2026, 2, 9, 7, 41, 20, 0, time.UTC)
	for cron, want := range map[string]bool{"41 7 * * 1": true, "41 7 * * 2": false, "41 */7 * * *": true, "17 */6 * * *": false, "4,19,41 * * * *": true} {
		if isDue(t, cron, monday) != want {
			t.Errorf("%s: want %v", cron, want)
		}
	}
}
