package collect

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"time"

	"github.com/aftercare/aftercare/actions/internal/letter"
)

// The refusals of records in exports, in words that a count stands before.
const (
	Unreadable   letter.Refusal = "that are not events" // of records in an export
	UnknownKind  letter.Refusal = "of a kind that is not known"
	TooOld       letter.Refusal = "too old"
	ManyEvents   letter.Refusal = "in a mail with too many of them"
	ManySessions letter.Refusal = "in a mail with too many sessions"
)

const (
	// MostMailEvents and MostMailSessions are what one mail may hold: what has more
	// is refused whole, for it is not what one person saw.
	MostMailEvents   = 20_000
	MostMailSessions = 200
	// MailedFor is how old an event may be that came by mail: no metric looks
	// further back.
	MailedFor = 60 * 24 * time.Hour
)

// Mailed is what the exports of a mail hold, once what is personal has been left
// out, and what no program of ours would have written.
type Mailed struct {
	Kept     []byte                 // an event a line; empty where there is none
	Personal map[string]int         // events that held personal data, by its kind
	Refused  map[letter.Refusal]int // records
}

// Scan reads the exports of a mail, and leaves out what is personal, so that it is
// kept nowhere. Of the others the fields that are known are kept, with values of a
// known form: for any other stands the word other.
//
// The context is looked at before each record; a record has a size that any finder
// reads in little time.
func Scan(ctx context.Context, exports [][]byte, now time.Time) (Mailed, error) {
	s := mailScan{Mailed: Mailed{Personal: map[string]int{}, Refused: map[letter.Refusal]int{}}, now: now, sessions: map[string]bool{}}
	for _, content := range exports {
		if err := s.export(ctx, content); err != nil {
			return Mailed{}, err
		}
	}
	switch {
	case s.events > MostMailEvents:
		s.refuseAll(ManyEvents)
	case len(s.sessions) > MostMailSessions:
		s.refuseAll(ManySessions)
	}
	s.Kept = s.kept.Bytes()
	return s.Mailed, nil
}

// mailScan goes through the exports of a mail.
type mailScan struct {
	Mailed
	now      time.Time
	kept     bytes.Buffer
	events   int // all records, whatever became of them
	taken    int
	sessions map[string]bool
}

func (s *mailScan) refuseAll(why letter.Refusal) {
	s.kept.Reset()
	s.Refused[why] += s.taken
}

func (s *mailScan) export(ctx context.Context, content []byte) error {
	for records := newSplitter(bufio.NewReader(bytes.NewReader(content))); s.events <= MostMailEvents; s.events++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := records.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			s.Refused[Unreadable]++
			return nil
		}
		s.record(r)
	}
	return nil
}

func (s *mailScan) record(r record) {
	if r.why != "" {
		s.Refused[Unreadable]++
		return
	}
	x, at, why := parsed(r.text, s.now)
	if why != "" {
		s.Refused[Unreadable]++
		return
	}
	if found := personal(r.text, x); len(found) > 0 {
		for _, kind := range found {
			s.Personal[kind]++
		}
		return
	}
	x = x.tamed(at)
	switch _, later, wrong := x.row(at); {
	case wrong != "":
		s.Refused[Unreadable]++
	case later != "":
		s.Refused[UnknownKind]++
	case s.now.Sub(at) >= MailedFor:
		s.Refused[TooOld]++
	default:
		line, _ := json.Marshal(x) // text, numbers and truths always marshal
		s.kept.Write(append(line, '\n'))
		s.taken++
		s.sessions[x.Session] = true
	}
}

// withMail is the repository's files, and beside them what came by mail.
type withMail struct {
	fs.FS
	mailed map[string][]byte
}

func (w withMail) Open(name string) (fs.File, error) {
	if content, is := w.mailed[name]; is {
		return &mailedFile{Reader: bytes.NewReader(content), name: name}, nil
	}
	return w.FS.Open(name)
}

// mailedFile is a file that is read, and asked nothing else.
type mailedFile struct {
	*bytes.Reader
	name string
}

func (f *mailedFile) Stat() (fs.FileInfo, error) {
	return nil, &fs.PathError{Op: "stat", Path: f.name, Err: fs.ErrInvalid}
}

func (f *mailedFile) Close() error { return nil }
