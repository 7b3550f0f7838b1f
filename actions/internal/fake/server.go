package fake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"
)

// server is one HTTP server of the world: it takes a request through hooks,
// faults and the state, and writes it down.
type server struct {
	world  *World
	name   string
	url    string
	http   *http.Server
	routes []route
	// front stands before the routes: who asks, and how often.
	front func(c *call, next func(*call) answer) answer
	// refuse is an error in the server's own shape.
	refuse func(status int, message string) answer
}

func (w *World) serve(name string) *server {
	s := &server{world: w, name: name}
	listener := listen()
	s.url = "http://" + listener.Addr().String()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	w.servers = append(w.servers, s)
	w.running.Add(1)
	go func() {
		defer w.running.Done()
		_ = s.http.Serve(listener) // it ends when the world is closed
	}()
	return s
}

func listen() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(fmt.Sprintf("simulate: no loopback to listen on: %v", err))
	}
	return listener
}

func (s *server) close() { _ = s.http.Close() }

// call is one request on its way through a server.
type call struct {
	*http.Request
	body  []byte
	vars  map[string]string
	query map[string][]string
	at    time.Time // the world's time, whole seconds
	route *route
	// GitHub's:
	actor *user
	repo  *Repository
}

func (c *call) get(name string) string {
	if v := c.query[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// answer is what a server says; a body that is no []byte becomes JSON.
type answer struct {
	status int
	header http.Header
	body   any
	silent bool // cut the connection instead of answering
}

func ok(body any) answer      { return answer{status: http.StatusOK, body: body} }
func created(body any) answer { return answer{status: http.StatusCreated, body: body} }
func nothing() answer         { return answer{status: http.StatusNoContent} }

func (a answer) with(key, value string) answer {
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header.Set(key, value)
	return a
}

// encode writes JSON as these servers do: no escapes for HTML, no indents.
func encode(v any) []byte {
	if v == nil {
		return nil
	}
	if raw, ok := v.([]byte); ok {
		return raw
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("simulate: an answer that is not valid JSON: %v", err))
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away
	}
	r.Body = io.NopCloser(bytes.NewReader(asked))
	line := Request{Server: s.name, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, At: s.world.Now(), Size: len(asked)}
	s.world.noteArrival(line)
	s.hook(s.world.Before, r, line)
	fault := s.world.faults.next(s.name, r.Method, r.URL.Path)
	pause(r, s.world.delay+fault.pause())
	said, own := s.carryOut(r, asked, fault, &line)
	line.Fault = fault.Do.String()
	s.hook(s.world.After, r, line)
	if !said.silent {
		line.Status = said.status
	}
	// The record is written before the answer: who has the answer finds it there.
	body := encode(said.body)
	header := s.headers(said, body)
	s.world.note(line)
	for _, seen := range s.world.watchers() {
		seen(Exchange{Server: s.name, Request: r, Asked: asked, Status: line.Status, Header: header, Answer: body, Faulty: !own})
	}
	if said.silent {
		cut(w)
		return
	}
	write(w, said.status, header, body, fault)
}

// hook calls one of the world's hooks; where it cuts the connection, the request
// is written down all the same.
func (s *server) hook(call func(*http.Request), r *http.Request, line Request) {
	if call == nil {
		return
	}
	returned := false
	defer func() {
		if !returned {
			line.Fault = "hook"
			s.world.note(line)
		}
	}()
	call(r)
	returned = true
}

// carryOut lets the request have its effect, or not, as the fault wants, and
// reports whether the answer is the server's own.
func (s *server) carryOut(r *http.Request, asked []byte, fault Fault, line *Request) (answer, bool) {
	if a, instead := s.insteadOf(fault); instead {
		return a, false
	}
	c := &call{Request: r, body: asked, at: s.world.Now().Truncate(time.Second)}
	said := s.answer(c)
	if c.route != nil {
		line.Route = c.route.pattern()
	}
	if !fault.damages() {
		return said, true
	}
	return fault.damage(said), false
}

// answer runs the call with the state to itself. A mistake of the simulation is
// a status 500 that says so, written down among what is unknown.
func (s *server) answer(c *call) (said answer) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	defer func() {
		if wrong := recover(); wrong != nil {
			text := fmt.Sprintf("%s: %s %s: %v\n%s", s.name, c.Method, c.URL.Path, wrong, debug.Stack())
			s.world.noteUnknown(text)
			said = answer{status: http.StatusInternalServerError, body: []byte(text)}
		}
	}()
	said = s.dispatch(c)
	said.body = encode(said.body)
	return said
}

func (s *server) headers(said answer, body []byte) http.Header {
	header := said.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Content-Type") == "" && len(body) > 0 {
		header.Set("Content-Type", "application/json; charset=utf-8")
	}
	header.Set("Date", s.world.Now().Format(http.TimeFormat))
	return header
}

func write(w http.ResponseWriter, status int, header http.Header, body []byte, fault Fault) {
	for key, values := range header {
		w.Header()[key] = values
	}
	if status != http.StatusNoContent && status != http.StatusNotModified {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	if fault.Do == Truncated {
		w.WriteHeader(status)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // the server cuts the connection
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// cut ends the connection in the middle of the answer's first line. Without
// those few bytes Go's client would take the connection for an idle one that was
// closed and, unasked, send a request that reads again: the fault would not be
// seen.
func cut(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_, _ = io.WriteString(connection, "HTTP/1.1 ")
	_ = connection.Close()
}

func pause(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}
