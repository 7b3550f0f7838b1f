package notify

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/service"
)

// connected are the ways to a channel with one service, at the simulated server.
func connected(t *testing.T, world *fake.World, base, kind, address string) Messenger {
	t.Helper()
	env := map[string]string{"NOTIFY_URL_" + strings.ToUpper(kind): address, "AFTERCARE_NOTIFY_URL": base}
	ways, err := Connect(alert.Channels{"ops": {Notify: model.Names{kind}}}, func(name string) string { return env[name] }, world.Now(), http.DefaultClient, world.Sleep)
	if err != nil {
		t.Fatal(err)
	}
	return ways[Place("ops", kind)]
}

func alertMessage(kind string) change.Message {
	return change.Message{
		Key: "ops/" + kind + "/crash_rate/1", Incident: "ops/crash_rate/1", Channel: "ops", By: kind, Mention: "channel", Level: "critical",
		Title: "🔴 Crash rate 11.3%: critical > 1%", Summary: "6 of 53 sessions in the last 24 hours.", Link: "https://github.com/caro/caro/blob/HEAD/reports/README.md",
		Runbook: "https://github.com/caro/caro/blob/HEAD/docs/incident-response.md", Respond: time.Hour,
		Facts: []change.Fact{{Name: "Respond by", Value: "18:12 UTC (1h), @channel"}, {Name: "First", Value: "Read the debug logs"}},
	}
}

// Each service gets an alert in its own form: title, figures, links and facts are
// there, the team is mentioned where the service can do that, and what is found
// under its id has no markup of another service.
func TestService_DeliversAnAlert(t *testing.T) {
	pings := map[string][]string{"discord": {"everyone"}, "mattermost": {"channel"}}
	for _, kind := range service.Names() {
		t.Run(kind, func(t *testing.T) {
			world := fake.New(fake.Options{})
			defer world.Close()
			services := fake.NewServices(world)
			m := alertMessage(kind)
			if _, err := connected(t, world, services.URL, kind, services.Address(kind)).Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			posts := services.Posts(kind)
			if len(posts) != 1 || len(world.Unknown()) > 0 {
				t.Fatalf("%d posts, unknown to the server: %v", len(posts), world.Unknown())
			}
			p := posts[0]
			readable := strings.NewReplacer("\u2060", "", `\`, "").Replace(p.Text)
			for _, want := range []string{"Crash rate 11.3%: critical > 1%", "6 of 53 sessions in the last 24 hours.", "Read the debug logs", "18:12 UTC (1h)"} {
				if !strings.Contains(readable, want) {
					t.Errorf("the text lacks %q: %s", want, readable)
				}
			}
			if all := p.Body + strings.Join(p.Links, " "); !strings.Contains(all, m.Link) || !strings.Contains(all, m.Runbook) {
				t.Errorf("a link is missing: %s", p.Body)
			}
			if fmt.Sprint(p.Pings) != fmt.Sprint(pings[kind]) {
				t.Errorf("notified are %v, expected %v", p.Pings, pings[kind])
			}
			if strings.Contains(p.Body, "<!channel>") || strings.Contains(p.Body, "&gt;") && kind != "telegram" {
				t.Errorf("Slack's markup is in it: %s", p.Body)
			}
		})
	}
}

// hostile is what strangers write to notify others, to hide an address, or to
// break a message.
var hostile = []string{
	"@everyone @here @channel @all <@123456789012345678> <@&42> <!channel> <!here> <!subteam^S0123456> <at>Ann</at> @releasebot",
	"[click](https://evil.example) <https://evil.example|harmless> ![x](https://evil.example/pixel.png) <a href=\"https://evil.example\">x</a> </b><script>",
	"**bold** _it_ ~~gone~~ `code` ```\nfence\n``` > quote | pipe # head - list ||spoiler|| \\@everyone \\\\@here",
	"&lt;!channel&gt; &amp; \u202egnp.exe \x00\x07 {{DATE(2026)}} $(id) {\"a\":1}",
	strings.Repeat("@everyone ", 3000), strings.Repeat("*_[`", 3000), strings.Repeat("😀", 5000), strings.Repeat("&<>", 4000), "\xff\xfe broken",
}

// A stranger's words notify nobody, disguise no address and never make a service
// refuse the alert, wherever in a message they stand.
func TestService_HostileTextNotifiesNobody(t *testing.T) {
	for _, kind := range service.Names() {
		t.Run(kind, func(t *testing.T) {
			world := fake.New(fake.Options{})
			defer world.Close()
			services := fake.NewServices(world)
			way := connected(t, world, services.URL, kind, services.Address(kind))
			for _, text := range hostile {
				m := alertMessage(kind)
				m.Mention, m.Title, m.Summary = "", text, text
				m.Facts = nil
				for i := range 14 {
					m.Facts = append(m.Facts, change.Fact{Name: fmt.Sprintf("Fact %d", i), Value: text})
				}
				m.Facts = append(m.Facts, change.Fact{Name: text, Value: "x"}, change.Fact{Name: "Empty", Value: " "})
				if _, err := way.Send(t.Context(), m); err != nil {
					t.Errorf("%.30q: %v", text, err)
				}
			}
			posts := services.Posts(kind)
			if len(posts) != len(hostile) {
				t.Errorf("%d of %d arrived", len(posts), len(hostile))
			}
			for _, p := range posts {
				if len(p.Pings) > 0 {
					t.Errorf("notified are %v by %s", p.Pings, p.Body)
				}
				if slices.ContainsFunc(p.Links, func(to string) bool { return strings.Contains(to, "evil") }) || strings.Contains(p.Body, "](https://evil") {
					t.Errorf("a stranger's address is linked: %s", p.Body)
				}
			}
		})
	}
}

// What a service is asked for stands in the record as it is: refused, delivered,
// or unknown, whatever the server does, and each message is posted at most as
// often as tries allow. What comes after an unknown delivery says that it may be a
// repeat.
func TestService_FaultsAreToldApart(t *testing.T) {
	const delivered, refused, unsure = "delivered", "refused", "unsure"
	expected := map[fake.Do]string{
		fake.BadGateway: delivered, fake.Unavailable: delivered, fake.ServerError: delivered, fake.TooMany: delivered, fake.Cut: delivered, fake.LostReply: delivered, fake.LostGateway: delivered,
		fake.Truncated: delivered, fake.Forbidden: refused, fake.Secondary: refused, fake.Slow: delivered,
		fake.HTML: unsure, fake.Malformed: unsure, fake.Empty: unsure, fake.Object: unsure, fake.Null: unsure,
	}
	mute := []string{"teams", "generic"} // an answer of theirs has no words that could confirm
	for _, kind := range service.Names() {
		for _, do := range fake.Faults() {
			t.Run(kind+"/"+do.String(), func(t *testing.T) {
				world := fake.New(fake.Options{})
				defer world.Close()
				services := fake.NewServices(world)
				world.Fail(fake.Fault{On: "services", Nth: 1, Do: do, Delay: time.Millisecond, RetryAfter: 3})
				_, err := connected(t, world, services.URL, kind, services.Address(kind)).Send(t.Context(), alertMessage(kind))
				want := expected[do]
				if slices.Contains(mute, kind) && want == unsure && do != fake.HTML || slices.Contains(mute, kind) && do == fake.Truncated {
					want = delivered
				}
				got := delivered
				var maybe *UnsureError
				if errors.As(err, &maybe) {
					got = unsure
				} else if err != nil {
					got = refused
				}
				if got != want {
					t.Errorf("%s, expected %s: %v", got, want, err)
				}
				posts := services.Posts(kind)
				if got == delivered && len(posts) == 0 || len(posts) > 2 {
					t.Errorf("%d posts", len(posts))
				}
				if len(posts) == 2 && !strings.Contains(posts[1].Body, "repeat: earlier delivery unconfirmed") && !strings.Contains(posts[1].Body, `"repeat":true`) {
					t.Errorf("the second does not say that it may be a repeat: %s", posts[1].Body)
				}
				if err != nil {
					holdsNoSecret(t, err.Error())
				}
			})
		}
	}
}

func holdsNoSecret(t *testing.T, said string) {
	t.Helper()
	for _, secret := range []string{fake.DiscordToken, fake.TeamsSecret, fake.TelegramToken, "tElegram9f8e7d6c5b4aTOKEN", fake.PagerKey, fake.OpsgenieKey, fake.HookToken, fake.WebhookToken} {
		if strings.Contains(said, secret) {
			t.Errorf("a secret is in %q", said)
		}
	}
}

// A service that is down, limits for ever, answers never or breaks on each try
// gets a bounded number of tries and a bounded wait, and the error says what to do
// without the address.
func TestService_GivesUp(t *testing.T) {
	for _, kind := range service.Names() {
		for name, c := range map[string]struct {
			fault fake.Fault
			tries int
			says  string
		}{
			"always 429":      {fake.Fault{Do: fake.TooMany, RetryAfter: 5}, slackTries, "no more messages"},
			"429 for an hour": {fake.Fault{Do: fake.TooMany, RetryAfter: 3600}, 1, "no more messages"},
			"always 500":      {fake.Fault{Do: fake.ServerError}, slackTries, "500"},
			"always cut":      {fake.Fault{Do: fake.Cut}, slackTries, "connection"},
			"forbidden":       {fake.Fault{Do: fake.Forbidden}, 1, "refused: 403"},
		} {
			t.Run(kind+"/"+name, func(t *testing.T) {
				world := fake.New(fake.Options{})
				defer world.Close()
				services := fake.NewServices(world)
				c.fault.On = "services"
				world.Fail(c.fault)
				_, err := connected(t, world, services.URL, kind, services.Address(kind)).Send(t.Context(), alertMessage(kind))
				if err == nil || !strings.Contains(err.Error(), c.says) || len(world.Requests()) != c.tries {
					t.Errorf("%d tries, error %v; expected %d and %q", len(world.Requests()), err, c.tries, c.says)
				}
				holdsNoSecret(t, fmt.Sprint(err))
			})
		}
		t.Run(kind+"/down", func(t *testing.T) {
			world := fake.New(fake.Options{})
			services := fake.NewServices(world)
			way := connected(t, world, services.URL, kind, services.Address(kind))
			world.Close()
			_, err := way.Send(t.Context(), alertMessage(kind))
			var maybe *UnsureError
			if err == nil || errors.As(err, &maybe) {
				t.Errorf("a server that is not there took nothing for certain: %v", err)
			}
			holdsNoSecret(t, fmt.Sprint(err))
		})
	}
}

// A redirect carries neither the token nor the message to another host, and is no
// delivery.
func TestService_FollowsNoRedirect(t *testing.T) {
	for _, kind := range service.Names() {
		for _, code := range []int{301, 302, 303, 307, 308} {
			reached, asked := 0, 0
			other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
			first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				w.Header().Set("Location", other.URL+r.URL.Path)
				w.WriteHeader(code)
			}))
			world := fake.New(fake.Options{})
			services := fake.NewServices(world)
			address := strings.ReplaceAll(services.Address(kind), strings.TrimPrefix(services.URL, "http://"), strings.TrimPrefix(first.URL, "http://"))
			_, err := connected(t, world, first.URL, kind, address).Send(t.Context(), alertMessage(kind))
			world.Close()
			first.Close()
			other.Close()
			var maybe *UnsureError
			if err == nil || errors.As(err, &maybe) || reached > 0 || asked != 1 {
				t.Errorf("%s, %d: the first host got %d requests, the other %d: %v", kind, code, asked, reached, err)
			}
			holdsNoSecret(t, fmt.Sprint(err))
		}
	}
}

// Addresses that are none are refused with what is expected, and never repeated.
func TestService_RefusesAddresses(t *testing.T) {
	for address, says := range map[string]string{
		"discord://s3cret-Tok3n":                                       "expected discord://TOKEN@WEBHOOK_ID",
		"discord://s3cret-Tok3n@no-number":                             "digits alone",
		"https://discord.com/api/s3cret-Tok3n":                         "not an address of a Discord webhook",
		"telegram://12:s3cret-Tok3n@telegram":                          "expected telegram://",
		"telegram://s3cret-Tok3n@telegram?chats=1":                     "expected telegram://",
		"telegram://12:s3cret-Tok3n@telegram?chats=1,2":                "several chats",
		"teams://g@t/s3cret-Tok3n/b/c?host=x":                          "retired",
		"https://acme.webhook.office.com/webhookb2/s3cret-Tok3n":       "retired",
		"teams+https://acme.webhook.office.com/webhookb2/s3cret-Tok3n": "retired",
		"mattermost://chat.example":                                    "expected mattermost://",
		"pagerduty://events.pagerduty.com/s3cret-Tok3n":                "32 hexadecimal digits",
		"opsgenie://api.opsgenie.com":                                  "expected opsgenie://",
		"generic+https:///s3cret-Tok3n":                                "not an address of a webhook",
		"generic+https://h.example/x?template=s3cret-Tok3n":            "JSON is the only one",
		"slack://s3cret-Tok3n@x":                                       "expected one of discord://",
		"s3cret-Tok3n":                                                 "expected one of discord://",
		"discord://%zz-s3cret-Tok3n@1":                                 "percent-encoded",
	} {
		env := map[string]string{"NOTIFY_URL": address}
		_, err := Connect(alert.Channels{"ops": {Notify: model.Names{"chat"}}}, func(name string) string { return env[name] }, time.Time{}, http.DefaultClient, nil)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "s3cret") || !strings.HasPrefix(err.Error(), "NOTIFY_URL ") {
			t.Errorf("%s: got %v, expected %q", address, err, says)
		}
	}
	env := map[string]string{"NOTIFY_URL": "discord://s3cret-Tok3n@1"}
	_, err := Connect(alert.Channels{"ops": {Notify: model.Names{"pagerduty"}}}, func(name string) string { return env[name] }, time.Time{}, http.DefaultClient, nil)
	if err == nil || !strings.Contains(err.Error(), "set NOTIFY_URL_PAGERDUTY") {
		t.Errorf("a pager's alerts would go to Discord: %v", err)
	}
}

// An alert opens one incident in a pager, its escalation joins it, and its
// resolution closes it.
func TestService_PagerResolvesWhatItOpened(t *testing.T) {
	for _, kind := range []string{"pagerduty", "opsgenie"} {
		world := fake.New(fake.Options{})
		services := fake.NewServices(world)
		way := connected(t, world, services.URL, kind, services.Address(kind))
		first, second, third := alertMessage(kind), alertMessage(kind), alertMessage(kind)
		second.Key, second.Title, third.Key, third.Resolved, third.Title = "k2", "Escalated", "k3", true, "🟢 Resolved"
		for _, m := range []change.Message{first, second, third} {
			if _, err := way.Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		posts := services.Posts(kind)
		world.Close()
		if len(posts) != 3 || posts[0].Action != "trigger" || posts[1].Action != "trigger" || posts[2].Action != "resolve" || posts[0].Alert != posts[1].Alert || posts[1].Alert != posts[2].Alert || posts[0].Alert == "" {
			t.Errorf("%s: %+v", kind, posts)
		}
		if want := map[string]string{"pagerduty": "critical", "opsgenie": "P1"}[kind]; posts[0].Level != want {
			t.Errorf("%s: the level is %q, expected %q", kind, posts[0].Level, want)
		}
	}
}
