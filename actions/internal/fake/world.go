// Package fake is a world on loopback: a GitHub, a Slack, a mail server, a
// mailbox, a crates.io and places where people talk in one process, with state,
// a clock of their own, faults on demand, and a record of what they were asked.
// The demo and the tests run the real clients against it. It answers as the
// real systems answer, as far as their descriptions and behaviour are known
// (package contract holds it to the descriptions), and it refuses what it does
// not know, so that nothing passes here by chance. It leaves judging the answers
// to those who ask: it imports no room but fact.
package fake

import (
	"context"
	"net/http"
	"sort"
	"strings"
	"sync"
	"time"
)

// Options is what a world starts with.
type Options struct {
	// Repository is owner/name of the repository there is; caro/caro if empty.
	Repository string
	// Now is the world's clock; a nil one stands still at the morning of
	// 2026-01-24 until SetNow or Advance moves it.
	Now func() time.Time
	// Delay is waited before each HTTP answer, as a network would.
	Delay time.Duration
}

// World is the servers and what they share: the clock, the faults and the
// record of requests. Its methods may be called from any goroutine.
type World struct {
	GitHub *GitHub
	Slack  *Slack
	Mail   *Mail
	Crates *Crates
	Social *Social
	Inbox  *Inbox

	// Before is called with each HTTP request before it has any effect, After
	// when the effect is there and the answer is not sent yet. Both must be set
	// before the first request; they may call methods of the world, and one that
	// panics with http.ErrAbortHandler cuts the connection there.
	Before, After func(*http.Request)

	delay   time.Duration
	mu      sync.Mutex // the state of all servers
	clock   clock
	log     record
	faults  faults
	watch   []func(Exchange)
	running sync.WaitGroup
	servers []interface{ close() }
}

// New starts a world that listens on 127.0.0.1 only. It panics where even that
// is impossible.
func New(o Options) *World {
	if o.Repository == "" {
		o.Repository = "caro/caro"
	}
	w := &World{delay: o.Delay}
	w.clock.now = o.Now
	if o.Now == nil {
		w.SetNow(time.Date(2026, 1, 24, 9, 0, 0, 0, time.UTC))
	}
	w.GitHub = newGitHub(w, o.Repository)
	w.Slack = newSlack(w)
	w.Crates = newCrates(w)
	w.Social = newSocial(w)
	w.Mail = newMail(w)
	w.Inbox = newInbox(w)
	return w
}

// Close stops the servers and waits for them. A second call does nothing.
func (w *World) Close() {
	for _, s := range w.servers {
		s.close()
	}
	w.running.Wait()
}

// clock tells the world's time; it has a lock of its own, so that it may be
// asked at any place.
type clock struct {
	mu  sync.Mutex
	now func() time.Time
}

// Now is the world's time, in UTC.
func (w *World) Now() time.Time {
	w.clock.mu.Lock()
	defer w.clock.mu.Unlock()
	return w.clock.now().UTC()
}

// SetNow stops the world's clock at t.
func (w *World) SetNow(t time.Time) {
	w.clock.mu.Lock()
	defer w.clock.mu.Unlock()
	w.clock.now = func() time.Time { return t }
}

// Advance moves the clock on by d and stops it there.
func (w *World) Advance(d time.Duration) { w.SetNow(w.Now().Add(d)) }

// Sleep moves the clock on instead of waiting: a client whose sleep this is
// obeys every limit in no time.
func (w *World) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.Advance(d)
	return nil
}

// Exchange is one request and its answer, as package contract judges them.
type Exchange struct {
	Server  string
	Request *http.Request // its body is Asked
	Asked   []byte
	Status  int // 0 where the connection was cut
	Header  http.Header
	Answer  []byte
	Faulty  bool // the answer is not the server's own, but a fault's
}

// Watch calls seen with each HTTP exchange from now on, in the order of the
// answers.
func (w *World) Watch(seen func(Exchange)) {
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	w.watch = append(w.watch, seen)
}

// Request is one line of the record. Of a mail server the method is the SMTP
// verb and the path is what follows it.
type Request struct {
	Server string // github, slack, mail or crates
	Method string
	Path   string
	Query  string
	Route  string // the pattern that it met: GET /repos/{owner}/{repo}; empty if none, or a fault answered
	Status int    // 0 where the connection was cut
	At     time.Time
	Size   int // of the body that was sent to the server
	Fault  string
}

// record is what was asked; it has its own lock because requests end outside
// the lock of the state.
type record struct {
	mu        sync.Mutex
	requests  []Request
	unknown   []string
	impatient []Request
	quiet     map[string]time.Time // by server: until when a limit asked for silence
}

// Requests is what was asked since the start or ResetRequests, in the order of
// the answers.
func (w *World) Requests() []Request {
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	return append([]Request(nil), w.log.requests...)
}

// Routes is every route that is simulated over HTTP, as "github POST /graphql",
// sorted.
func (w *World) Routes() []string {
	var all []string
	for _, s := range []*server{w.GitHub.server, w.Slack.server, w.Crates.server} {
		for _, r := range s.routes {
			all = append(all, s.name+" "+r.pattern())
		}
	}
	sort.Strings(all)
	return all
}

// Count is how many requests went to a server with this method (any if empty)
// and a path that contains part.
func (w *World) Count(server, method, part string) int {
	n := 0
	for _, r := range w.Requests() {
		if r.Server == server && (method == "" || r.Method == method) && strings.Contains(r.Path, part) {
			n++
		}
	}
	return n
}

// ResetRequests forgets the record, what was unknown and who was impatient.
func (w *World) ResetRequests() {
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	w.log.requests, w.log.unknown, w.log.impatient = nil, nil, nil
}

// Unknown is what was asked and is not simulated: routes, query parameters,
// fields of a body. A test that ends with any has asked for something that the
// world did not do.
func (w *World) Unknown() []string {
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	return append([]string(nil), w.log.unknown...)
}

// Impatient is the requests that came although a rate limit had asked for
// silence until later.
func (w *World) Impatient() []Request {
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	return append([]Request(nil), w.log.impatient...)
}

func (w *World) note(r Request) {
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	w.log.requests = append(w.log.requests, r)
}

func (w *World) noteUnknown(what string) {
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	w.log.unknown = append(w.log.unknown, what)
}

// noteArrival holds a request against the silence that a limit asked for.
func (w *World) noteArrival(r Request) {
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	if r.At.Before(w.log.quiet[r.Server]) {
		w.log.impatient = append(w.log.impatient, r)
	}
}

func (w *World) askForSilence(server string, until time.Time) {
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	if w.log.quiet == nil {
		w.log.quiet = map[string]time.Time{}
	}
	if until.After(w.log.quiet[server]) {
		w.log.quiet[server] = until
	}
}

func (w *World) watchers() []func(Exchange) {
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	return w.watch
}
