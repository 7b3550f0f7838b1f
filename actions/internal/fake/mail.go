package fake

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// Mail is the simulated mail server: SMTP without TLS, with or without
// authentication.
type Mail struct {
	// URL is where it listens, as in SMTP_URL: smtp://127.0.0.1:PORT.
	URL string

	world    *World
	listener net.Listener
	messages []Letter
	users    map[string]string

	mu    sync.Mutex // the open connections, for Close
	open  map[net.Conn]bool
	ended bool
}

func newMail(w *World) *Mail {
	m := &Mail{world: w, listener: listen(), users: map[string]string{}, open: map[net.Conn]bool{}}
	m.URL = "smtp://" + m.listener.Addr().String()
	w.servers = append(w.servers, m)
	w.running.Add(1)
	go m.accept()
	return m
}

func (m *Mail) close() {
	_ = m.listener.Close()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended = true
	for connection := range m.open {
		_ = connection.Close()
	}
}

func (m *Mail) accept() {
	defer m.world.running.Done()
	for {
		connection, err := m.listener.Accept()
		if err != nil {
			return
		}
		m.mu.Lock()
		if m.ended {
			m.mu.Unlock()
			_ = connection.Close()
			return
		}
		m.open[connection] = true
		m.world.running.Add(1)
		m.mu.Unlock()
		go m.talk(connection)
	}
}

// Require makes the server want this name and password before it takes mail.
func (m *Mail) Require(name, password string) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	m.users[name] = password
}

// session is one conversation with a client.
type session struct {
	mail  *Mail
	conn  net.Conn
	in    *bufio.Reader
	named bool // authenticated
	from  string
	to    []string
}

// errCut ends a session where a fault wants the connection cut.
var errCut = fmt.Errorf("the connection is cut")

func (m *Mail) talk(connection net.Conn) {
	defer m.world.running.Done()
	defer func() {
		m.mu.Lock()
		delete(m.open, connection)
		m.mu.Unlock()
		_ = connection.Close()
	}()
	s := &session{mail: m, conn: connection, in: bufio.NewReader(connection)}
	s.say("220 simulated.example ESMTP")
	for {
		line, err := s.in.ReadString('\n')
		if err != nil || s.command(strings.TrimRight(line, "\r\n")) != nil {
			return
		}
	}
}

func (s *session) say(lines ...string) {
	_, _ = io.WriteString(s.conn, strings.Join(lines, "\r\n")+"\r\n")
}

// command carries out one line, through the faults, and writes it down.
func (s *session) command(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	verb = strings.ToUpper(verb)
	w := s.mail.world
	entry := Request{Server: "mail", Method: verb, Path: rest, At: w.Now(), Size: len(line)}
	if verb == "AUTH" {
		entry.Path = strings.Fields(rest + " ")[0] // no password in the record
	}
	fault := w.faults.next("mail", verb, entry.Path)
	entry.Fault = fault.Do.String()
	if d := fault.pause(); d > 0 {
		time.Sleep(d)
	}
	if fault.Do == Cut {
		w.note(entry)
		return errCut
	}
	if reply := mailRefusal(fault.Do); reply != "" {
		entry.Status = statusOf(reply)
		w.note(entry)
		s.say(reply)
		if verb == "DATA" || entry.Status != 421 {
			return nil
		}
		return errCut
	}
	reply, err := s.carryOut(verb, rest, &entry)
	if err != nil {
		return err
	}
	if fault.Do == LostReply || fault.Do == LostGateway || fault.Do == Truncated || fault.Do == Empty {
		w.note(entry)
		return errCut
	}
	entry.Status = statusOf(reply[len(reply)-1])
	w.note(entry)
	s.say(reply...)
	if verb == "QUIT" {
		return errCut
	}
	return nil
}

// mailRefusal is what a fault says in SMTP, before anything happened.
func mailRefusal(do Do) string {
	return map[Do]string{
		BadGateway: "451 4.3.0 Temporary failure, try again", Unavailable: "421 4.3.2 Service not available", ServerError: "554 5.3.0 Transaction failed",
		Forbidden: "550 5.7.1 Not permitted", Secondary: "450 4.7.1 Too many messages, slow down", TooMany: "452 4.5.3 Too many messages",
		HTML: "200 <html>", Object: "200 {}", Null: "200 null", Malformed: "garbage",
	}[do]
}

func statusOf(reply string) int {
	status := 0
	_, _ = fmt.Sscanf(reply, "%d", &status)
	return status
}

func (s *session) carryOut(verb, rest string, entry *Request) ([]string, error) {
	switch verb {
	case "EHLO":
		return []string{"250-simulated.example", "250-8BITMIME", "250-SMTPUTF8", "250-AUTH PLAIN LOGIN", "250 SIZE 10485760"}, nil
	case "HELO":
		return []string{"250 simulated.example"}, nil
	case "AUTH":
		return s.authenticate(rest)
	case "MAIL":
		return s.mailFrom(rest), nil
	case "RCPT":
		return s.rcptTo(rest), nil
	case "DATA":
		return s.data(entry)
	case "RSET":
		s.from, s.to = "", nil
		return []string{"250 2.0.0 OK"}, nil
	case "NOOP":
		return []string{"250 2.0.0 OK"}, nil
	case "QUIT":
		return []string{"221 2.0.0 Bye"}, nil
	}
	s.mail.world.noteUnknown("mail: no such command: " + verb)
	return []string{"500 5.5.2 Command unrecognized"}, nil
}

func (s *session) authenticate(rest string) ([]string, error) {
	kind, first, _ := strings.Cut(rest, " ")
	var name, password string
	switch strings.ToUpper(kind) {
	case "PLAIN":
		if first == "" {
			first = s.ask("")
		}
		parts := strings.Split(decode64(first), "\x00")
		if len(parts) == 3 {
			name, password = parts[1], parts[2]
		}
	case "LOGIN":
		if first == "" {
			first = s.ask("Username:")
		}
		name, password = decode64(first), decode64(s.ask("Password:"))
	default:
		return []string{"504 5.5.4 Unrecognized authentication type"}, nil
	}
	s.mail.world.mu.Lock()
	want, known := s.mail.users[name]
	needed := len(s.mail.users) > 0
	s.mail.world.mu.Unlock()
	if needed && (!known || want != password) {
		return []string{"535 5.7.8 Authentication credentials invalid"}, nil
	}
	s.named = true
	return []string{"235 2.7.0 Authentication successful"}, nil
}

func (s *session) ask(prompt string) string {
	s.say("334 " + base64.StdEncoding.EncodeToString([]byte(prompt)))
	line, _ := s.in.ReadString('\n')
	return strings.TrimRight(line, "\r\n")
}

func decode64(text string) string {
	plain, _ := base64.StdEncoding.DecodeString(text)
	return string(plain)
}

func (s *session) mailFrom(rest string) []string {
	s.mail.world.mu.Lock()
	needed := len(s.mail.users) > 0
	s.mail.world.mu.Unlock()
	if needed && !s.named {
		return []string{"530 5.7.0 Authentication required"}
	}
	address, found := inAngles(rest, "FROM:")
	if !found {
		return []string{"501 5.5.4 Syntax: MAIL FROM:<address>"}
	}
	s.from, s.to = address, nil
	return []string{"250 2.1.0 OK"}
}

func (s *session) rcptTo(rest string) []string {
	address, found := inAngles(rest, "TO:")
	if !found || !strings.Contains(address, "@") {
		return []string{"501 5.1.3 Bad recipient address"}
	}
	s.to = append(s.to, address)
	return []string{"250 2.1.5 OK"}
}

func inAngles(rest, prefix string) (string, bool) {
	if len(rest) < len(prefix) || !strings.EqualFold(rest[:len(prefix)], prefix) {
		return "", false
	}
	_, inner, opened := strings.Cut(rest[len(prefix):], "<")
	address, _, closed := strings.Cut(inner, ">")
	return address, opened && closed
}

// data takes a letter, up to the line with a single dot.
func (s *session) data(entry *Request) ([]string, error) {
	if len(s.to) == 0 {
		return []string{"503 5.5.1 No recipients"}, nil
	}
	s.say("354 End with <CR><LF>.<CR><LF>")
	var raw []byte
	for {
		line, err := s.in.ReadBytes('\n')
		if err != nil {
			return nil, err
		}
		if text := strings.TrimRight(string(line), "\r\n"); text == "." {
			break
		}
		if line[0] == '.' {
			line = line[1:]
		}
		raw = append(raw, line...)
	}
	entry.Size = len(raw)
	w := s.mail.world
	w.mu.Lock()
	defer w.mu.Unlock()
	s.mail.messages = append(s.mail.messages, newLetter(s.from, s.to, raw, w.Now()))
	s.from, s.to = "", nil
	return []string{fmt.Sprintf("250 2.0.0 OK: queued as %d", len(s.mail.messages))}, nil
}
