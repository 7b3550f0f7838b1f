package fake

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// Do is what goes wrong.
type Do int

// What can go wrong. Up to Cut nothing of the request has happened; from
// LostReply on it has, and only the answer suffers. A limit is obeyed by waiting
// for RetryAfter seconds or, where that is 0 and none is sent, for a minute.
const (
	Nothing     Do = iota
	BadGateway     // 502
	Unavailable    // 503
	ServerError    // 500
	Forbidden      // 403: the token may not
	Secondary      // 403: a secondary rate limit
	TooMany        // 429: a secondary rate limit
	Cut            // the connection ends before the effect
	LostReply      // the connection ends after the effect
	LostGateway    // 502 after the effect
	Slow           // the answer comes after Delay
	HTML           // 200 with a page that says it went well
	Malformed      // 200 with JSON that breaks off, of the right length
	Empty          // 200 with nothing
	Truncated      // half the answer, then the end of the connection
	Object         // 200 with an object of nothing: {}
	Null           // 200 with null
)

var doNames = map[Do]string{
	Nothing: "", BadGateway: "bad gateway", Unavailable: "unavailable", ServerError: "server error", Forbidden: "forbidden",
	Secondary: "secondary limit", TooMany: "too many", Cut: "cut", LostReply: "lost reply", LostGateway: "lost gateway",
	Slow: "slow", HTML: "html", Malformed: "malformed", Empty: "empty", Truncated: "truncated",
	Object: "empty object", Null: "null",
}

// String names the fault; Nothing has no name.
func (d Do) String() string { return doNames[d] }

// Faults is every fault that there is, in the order of the constants.
func Faults() []Do {
	var all []Do
	for d := BadGateway; d <= Null; d++ {
		all = append(all, d)
	}
	return all
}

// Fault says what goes wrong, and when. It is about requests that match On,
// Method and Path, counted from when it was told to the world.
type Fault struct {
	On         string // github, slack, mail or crates; empty is any
	Method     string // or the SMTP verb; empty is any
	Path       string // regular expression; empty is any
	Nth        int    // the n-th match only, from 1; 0 is each
	Times      int    // with Nth: how many in a row; 0 is one. Without: how many in all; 0 is no end
	Do         Do
	Delay      time.Duration // of Slow
	RetryAfter int           // seconds, of Secondary, TooMany and Unavailable; 0 sends no header
}

// Fail makes the world fail as f says. Of several faults for one request the
// first told wins. A Path that is no expression panics.
func (w *World) Fail(f Fault) { w.faults.add(f, 0) }

// FailEvery makes each n-th matching request fail.
func (w *World) FailEvery(n int, f Fault) { w.faults.add(f, n) }

// Heal forgets all faults.
func (w *World) Heal() {
	w.faults.mu.Lock()
	defer w.faults.mu.Unlock()
	w.faults.list = nil
}

type faults struct {
	mu   sync.Mutex
	list []*standing
}

// standing is a fault that waits for its requests.
type standing struct {
	Fault
	path  *regexp.Regexp
	every int
	seen  int
}

func (fs *faults) add(f Fault, every int) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list = append(fs.list, &standing{Fault: f, path: regexp.MustCompile(f.Path), every: every})
}

// next is the fault for this request; its Do is Nothing where all is well. Each
// fault counts each request that it matches, also one that another fault got.
func (fs *faults) next(server, method, path string) Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	var hit Fault
	for _, f := range fs.list {
		if f.due(server, method, path) && hit.Do == Nothing {
			hit = f.Fault
		}
	}
	return hit
}

func (f *standing) due(server, method, path string) bool {
	if f.On != "" && f.On != server || f.Method != "" && f.Method != method || !f.path.MatchString(path) {
		return false
	}
	f.seen++
	switch {
	case f.every > 0:
		return f.seen%f.every == 0
	case f.Nth > 0:
		return f.seen >= f.Nth && f.seen < f.Nth+max(f.Times, 1)
	}
	return f.Times == 0 || f.seen <= f.Times
}

func (f Fault) pause() time.Duration {
	if f.Do == Slow {
		return f.Delay
	}
	return 0
}

// insteadOf is the answer of a fault before the effect.
func (s *server) insteadOf(f Fault) (answer, bool) {
	switch f.Do {
	case BadGateway, Unavailable, ServerError:
		return f.broken(), true
	case Forbidden:
		return s.refuse(http.StatusForbidden, "Resource not accessible by integration"), true
	case Secondary:
		return s.limited(http.StatusForbidden, f.RetryAfter), true
	case TooMany:
		return s.limited(http.StatusTooManyRequests, f.RetryAfter), true
	case Cut:
		return answer{silent: true}, true
	}
	return answer{}, false
}

func (f Fault) broken() answer {
	status := map[Do]int{BadGateway: 502, LostGateway: 502, Unavailable: 503, ServerError: 500}[f.Do]
	a := answer{status: status, body: []byte(fmt.Sprintf("<html><body><h1>%d %s</h1></body></html>\n", status, http.StatusText(status)))}
	a = a.with("Content-Type", "text/html")
	if f.Do == Unavailable && f.RetryAfter > 0 {
		a = a.with("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	return a
}

// minSilence is what GitHub asks for after a secondary limit that names no
// time.
const minSilence = 60

// limited is a secondary rate limit in the server's own words. Who asks again
// too early is written down.
func (s *server) limited(status, retryAfter int) answer {
	wait := retryAfter
	if wait == 0 {
		wait = minSilence
	}
	s.world.askForSilence(s.name, s.world.Now().Add(time.Duration(wait)*time.Second))
	a := s.refuse(status, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.")
	if retryAfter > 0 {
		a = a.with("Retry-After", strconv.Itoa(retryAfter))
	}
	return a
}

func (f Fault) damages() bool { return f.Do >= LostReply && f.Do != Slow }

// damage is what is left of an answer.
func (f Fault) damage(said answer) answer {
	body := encode(said.body)
	switch f.Do {
	case LostReply:
		return answer{silent: true}
	case LostGateway:
		return f.broken()
	case HTML:
		return answer{status: http.StatusOK, body: []byte("<!DOCTYPE html><html><body>All systems operational</body></html>\n")}.with("Content-Type", "text/html")
	case Malformed:
		said.body = append(body[:len(body)/2:len(body)/2], "}}"...)
		return said
	case Empty:
		return answer{status: http.StatusOK, body: []byte{}}
	case Object:
		return answer{status: http.StatusOK, body: []byte("{}")}
	case Null:
		return answer{status: http.StatusOK, body: []byte("null")}
	}
	return said
}
