package backtest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/model"
)

func planned(t testing.TB, src string) Plan {
	t.Helper()
	var p Plan
	if err := yaml.Unmarshal([]byte(src), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

const before = `
rules:
  - {label: crash, any: [crash]}
  - {label: P0, any: [gone]}
channels: {alerts: {slack: '#alerts'}}
routes: [{label: P0, to: [alerts]}]
`

func pastOf(t testing.TB) []Past {
	t.Helper()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var issues []model.Issue
	for i, title := range []string{"it crashes", "it panics", "my files are gone", "a question", "it panics and crashes"} {
		issues = append(issues, model.Issue{Number: i + 1, Title: title, Labels: []string{"crash", "bug"}, CreatedAt: start.Add(time.Duration(i) * 15 * 24 * time.Hour)})
	}
	issues[3].Labels = nil
	events := []model.LabelEvent{{Issue: 1, Label: "Crash", Actor: "github-actions[bot]", IsBot: true, Added: true}, {Issue: 2, Label: "crash", Actor: "ann", Added: true}, {Issue: 5, Label: "crash", Actor: "us", Added: true}}
	return Read(issues, events, nil, func(login string) bool { return login == "us" })
}

func TestCompare(t *testing.T) {
	past := pastOf(t)
	old := planned(t, before)
	young := planned(t, strings.NewReplacer("[crash]", "[crash, panic]", "any: [gone]", "any: [vanished]").Replace(before))
	d := Compare(past, Run(old, past), Run(young, past))
	if got := fmt.Sprintf("%d %v %.1f %.1f", d.Issues, d.Labels, d.Before, d.After); got != "2 [{P0 [] [3]} {crash [2] []}] 0.5 0.0" {
		t.Errorf("got %s", got)
	}
	if same := Compare(past, Run(old, past), Run(old, past)); same.Issues != 0 || len(same.Labels) != 0 {
		t.Errorf("the same plan changes %+v", same)
	}
	if none := Compare(nil, nil, nil); none.Before != 0 || none.Issues != 0 {
		t.Errorf("without a past: %+v", none)
	}
}

func TestRecords(t *testing.T) {
	past := pastOf(t)
	p := planned(t, before)
	records := Records(p.Rules, past, Run(p, past))
	crash := records[0] // found in 1 and 5; people gave it to 2 and 3
	if crash.Found != 2 || crash.Right != 0 || crash.Given != 2 {
		t.Errorf("crash: %+v", crash)
	}
	if p0 := records[1]; p0.Given != 0 || p0.Found == 0 || p0.Right != 0 {
		t.Errorf("nobody ever gave P0: %+v", p0)
	}
}

// A rule that chooses is judged by each label that it may choose.
func TestRecordsOfAChoice(t *testing.T) {
	past := pastOf(t)
	p := planned(t, "rules:\n  - {choose: [crash, P0], points: [{for: {crash: 2}, any: [panic]}, {for: {P0: 1}, any: [gone]}]}\n")
	records := Records(p.Rules, past, Run(p, past))
	if len(records) != 2 || records[0].Found != 2 || records[0].Right != 1 || records[0].Given != 2 || records[1].Found != 1 || records[1].Labels[0] != "P0" {
		t.Errorf("got %+v", records)
	}
}

func TestTogether(t *testing.T) {
	p := planned(t, `rules: [{label: crash, any: [crash]}, {label: crash, any: [panic]}, {label: bug, any: [crash]}, {label: crash, any: [segfault]}]`)
	var issues []model.Issue
	for i := range minTogether {
		issues = append(issues, model.Issue{Number: i + 1, Title: "a crash and a panic"})
	}
	if got := fmt.Sprint(Together(p.Rules, Run(p, Read(issues, nil, nil, nil)))); got != "[[0 1]]" {
		t.Errorf("together are %s", got)
	}
	if got := Together(p.Rules, Run(p, Read(issues[1:], nil, nil, nil))); got != nil {
		t.Errorf("four may be an accident: %v", got)
	}
}

// Five thousand issues, two plans: how long check thinks.
func BenchmarkFiveThousand(b *testing.B) {
	p := planned(b, before)
	issues := make([]model.Issue, 5000)
	for i := range issues {
		issues[i] = model.Issue{Number: i + 1, Title: "it crashes on start", Body: strings.Repeat("When I type a command it hangs for a while. ", 20)}
	}
	for b.Loop() {
		past := Read(issues, nil, nil, nil)
		Compare(past, Run(p, past), Run(p, past))
	}
}
