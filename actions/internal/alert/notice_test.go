package alert

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

var noticeRoutes = []Route{
	{Label: model.Names{"privacy-leak"}, To: model.Names{"alerts", "team"}, Mention: "team", Respond: In(time.Hour)},
	{Label: model.Names{"P1"}, To: model.Names{"monitoring"}},
	{Score: 500, To: model.Names{"team", "monitoring"}},
	{Score: 100, To: model.Names{"monitoring"}},
	{Level: "warning", To: model.Names{"alerts"}},
}

// noticed is what a run tells of notices: all that is due, as its fate lets it.
func noticed(m Memory, all []Notice, at time.Time, fate string) (Memory, string) {
	m = m.Notice(all, noticeRoutes, metricChannels, at)
	news, _ := m.Due(noticeRoutes, metricChannels, at.String(), at)
	m, won := m.Claim(news, at.String(), at)
	for _, n := range won {
		switch fate {
		case "":
			m = m.Sent(n, at.String(), "ref", at)
		case "failed":
			m = m.Failed(n, at.String())
		}
	}
	back, err := Decode(m.Encode())
	if err != nil || !reflect.DeepEqual(back.Encode(), m.Encode()) {
		panic(fmt.Sprintf("it does not come back as it was written: %v", err))
	}
	return back, said(won)
}

func TestNotices(t *testing.T) {
	hour := func(n float64) time.Time { return launch.Add(time.Duration(n * float64(time.Hour))) }
	story := func(score int) []Notice {
		return []Notice{{Name: "mention:hackernews:1", Score: score, At: launch}}
	}
	old := func(score int) []Notice {
		return []Notice{{Name: "mention:hackernews:1", Score: score, At: launch, Old: true}}
	}
	mail := []Notice{{Name: "mail:7:42", Labels: []string{"privacy-leak"}, At: launch}}
	type step struct {
		at      float64
		notices []Notice
		fate    string
		want    string
	}
	for _, c := range []struct {
		name  string
		steps []step
	}{
		{"a mention that many look at is told once", []step{
			{1, story(99), "", ""},
			{2, story(100), "", "firing mention:hackernews:1 monitoring/slack"},
			{3, story(130), "", ""}, {4, story(130), "", ""},
		}},
		{"it goes further, and others hear of it", []step{
			{1, story(100), "", "firing mention:hackernews:1 monitoring/slack"},
			{2, story(600), "", "firing mention:hackernews:1 team/email"},
			{3, story(500), "", ""},
		}},
		{"an outage loses nothing", []step{
			{24 * 40, story(900), "", "firing mention:hackernews:1 team/email; firing mention:hackernews:1 monitoring/slack"},
			{24 * 41, story(900), "", ""},
		}},
		{"not even one of a season, and what is told then is told once", []step{
			{24 * 120, mail, "dies", "firing mail:7:42 alerts/slack @team; firing mail:7:42 alerts/email @team; firing mail:7:42 team/email @team"},
			{24*120 + 0.1, mail, "", ""},
		}},
		{"what was there before anybody looked is no news, now or later", []step{
			{24 * 8, old(900), "", ""}, {24 * 9, story(900), "", ""}, {24 * 10, story(950), "", ""},
		}},
		{"what went wrong is told by the next run", []step{
			{1, story(100), "failed", "firing mention:hackernews:1 monitoring/slack"},
			{1.1, nil, "", "firing mention:hackernews:1 monitoring/slack"},
			{1.2, nil, "", ""},
		}},
		{"a run that dies leaves it in doubt", []step{
			{1, story(100), "dies", "firing mention:hackernews:1 monitoring/slack"},
			{1.1, nil, "", ""},
			{2, nil, "", "firing mention:hackernews:1 monitoring/slack unconfirmed"},
			{3, story(100), "", ""},
		}},
		{"a mail by the routes of its labels, and once more where nobody answers", []step{
			{0.2, mail, "", "firing mail:7:42 alerts/slack @team; firing mail:7:42 alerts/email @team; firing mail:7:42 team/email @team"},
			{1, mail, "", ""},
			{1.5, mail, "", "reminder mail:7:42 alerts/slack @channel in ref; reminder mail:7:42 alerts/email @channel in ref; reminder mail:7:42 team/email @channel in ref"},
			{9, mail, "", ""},
		}},
		{"a mail that earned nothing urgent", []step{{1, []Notice{{Name: "mail:7:43", Labels: []string{"bug"}, At: launch}}, "", ""}}},
		{"it is forgotten after a season", []step{
			{1, story(100), "", "firing mention:hackernews:1 monitoring/slack"},
			{24 * 89, story(100), "", ""}, {24 * 91, nil, "", ""},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var m Memory
			for _, s := range c.steps {
				var got string
				if m, got = noticed(m, s.notices, hour(s.at), s.fate); got != s.want {
					t.Errorf("after %g hours: got %q, want %q", s.at, got, s.want)
				}
			}
			if last := c.steps[len(c.steps)-1]; last.notices == nil && last.at > 24*90 && len(m.Alerts) != 0 {
				t.Errorf("still remembered: %+v", m.Alerts)
			}
		})
	}
}

func TestAnAnsweredNoticeIsLeftInPeace(t *testing.T) {
	m, _ := noticed(Memory{}, []Notice{{Name: "mail:7:42", Labels: []string{"privacy-leak"}, At: launch}}, launch, "")
	m = m.Answer("mail:7:42", launch.Add(30*time.Minute), "")
	if _, got := noticed(m, nil, launch.Add(2*time.Hour), ""); got != "" {
		t.Errorf("got %q", got)
	}
}

// A route of mentions is for no metric, and the other way round; those that the
// plan drops take no notice with them.
func TestNoticesAndMetricsStandApart(t *testing.T) {
	m, _ := noticed(Memory{}, []Notice{{Name: "mention:reddit:x", Score: 100, At: launch}}, launch, "")
	m = m.Observe([]verdict.Verdict{{Metric: "crash_rate", Level: verdict.Critical}}, nil, launch.Add(time.Minute))
	news, _ := m.Due(noticeRoutes, metricChannels, "9/1", launch.Add(time.Minute))
	if got := said(news); got != "firing crash_rate alerts/slack; firing crash_rate alerts/email" {
		t.Errorf("got %q", got)
	}
	if left := m.Retire(nil).Alerts; len(left) != 1 || left[0].Notice == nil {
		t.Errorf("left are %+v", left)
	}
}
