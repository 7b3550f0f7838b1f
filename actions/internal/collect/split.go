package collect

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// splitter finds the events in a file: objects in arrays or by themselves, one or
// several on a line, or each over many lines. Where one is broken, it goes on with
// the next, and says which lines were passed over.
type splitter struct {
	in     *bufio.Reader
	rest   []byte // of what was read, behind the last record
	at     int    // the line on which rest begins
	before int    // bytes of that line that stand before it

	line, column int  // where the last record began, both from 1
	opened       int  // the line of the array that is open; 0: none is
	behind       bool // an array has ended
	lost         bool // something was passed over, perhaps the end of an array
	swallowed    int  // how often a broken event held others
}

// maxSwallowed is how often a broken event may hold others, each of which costs
// the reading of maxRecord bytes again.
const maxSwallowed = 100

func newSplitter(in *bufio.Reader) *splitter { return &splitter{in: in, at: 1} }

var (
	tooLong      = fmt.Sprintf("an event is over %d KiB", maxRecord>>10)
	errTooLong   = errors.New(tooLong)
	errCutOff    = errors.New("the file is cut off within an event")
	errUnended   = errors.New("the array does not end: the file is cut off")
	errGarbled   = errors.New("too many events of the file begin within others: it is not read on")
	markOfUTF8   = []byte("\ufeff")
	newLineBrace = []byte("\n{")
)

// next is the next record. The error is io.EOF at the end of the file.
func (s *splitter) next() (record, error) {
	if err := s.skipSeparators(); err != nil {
		if err == io.EOF && s.opened > 0 && !s.lost {
			s.line, s.column, s.opened = s.opened, 1, 0
			return record{}, errUnended
		}
		return record{}, err
	}
	s.line, s.column = s.at, s.before+1
	if s.rest[0] == '{' {
		return s.object()
	}
	return s.other()
}

// fill reads on to the end of a line, or as much as the reader holds.
func (s *splitter) fill() error {
	part, err := s.in.ReadSlice('\n')
	s.rest = append(s.rest, part...)
	if err == bufio.ErrBufferFull || len(part) > 0 && err == io.EOF {
		return nil
	}
	return err
}

// take takes so many bytes off what was read.
func (s *splitter) take(n int) {
	taken := s.rest[:n]
	if lines := bytes.Count(taken, []byte{'\n'}); lines > 0 {
		s.at += lines
		s.before = n - 1 - bytes.LastIndexByte(taken, '\n')
	} else {
		s.before += n
	}
	if s.rest = s.rest[n:]; len(s.rest) == 0 {
		s.rest = nil
	}
}

// skipSeparators passes over what may stand between two events: blanks, commas,
// the brackets of an array, and, where files were put together, the mark of UTF-8.
func (s *splitter) skipSeparators() error {
	for {
		n := 0
	passed:
		for ; n < len(s.rest); n++ {
			switch c := s.rest[n]; {
			case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',':
			case c == markOfUTF8[0] && bytes.HasPrefix(s.rest[n:], markOfUTF8):
				n += len(markOfUTF8) - 1
			case c == '[' && s.opened == 0:
				s.opened = s.at + bytes.Count(s.rest[:n], []byte{'\n'})
			case c == ']' && (s.opened > 0 || s.lost):
				s.opened, s.behind = 0, true
			default:
				break passed
			}
		}
		s.take(n)
		if len(s.rest) > 0 {
			return nil
		}
		if err := s.fill(); err != nil {
			return err
		}
	}
}

// object is the record that begins with a brace.
func (s *splitter) object() (record, error) {
	if line, whole := s.wholeLine(); whole {
		r := s.record(bytes.Clone(line))
		s.take(len(line))
		if len(line) > maxRecord {
			return s.refusal(tooLong), nil
		}
		return r, nil
	}
	n, err := s.value(maxRecord)
	switch {
	case err == nil:
		r := s.record(bytes.Clone(s.rest[:n]))
		s.take(n)
		return r, nil
	case errors.Is(err, errTooLong), errors.Is(err, io.ErrUnexpectedEOF):
		if at := bytes.Index(s.rest, newLineBrace); at > 0 {
			return s.giveBack(at + 1)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return record{}, errCutOff
		}
		return s.passLong()
	}
	return s.broken(err)
}

// wholeLine is the rest of the line without what separates events, where it is
// surely one event: it ends with a brace, holds no other one, and the next line
// begins with one, or the array or the file ends there.
func (s *splitter) wholeLine() ([]byte, bool) {
	end := bytes.IndexByte(s.rest, '\n')
	if end < 0 {
		end = len(s.rest)
		if _, err := s.in.Peek(1); err == nil {
			return nil, false
		}
	} else {
		next := s.rest[end+1:]
		if len(next) == 0 {
			next, _ = s.in.Peek(1)
		}
		if len(next) > 0 && next[0] != '{' && next[0] != ']' {
			return nil, false
		}
	}
	line := bytes.TrimRight(s.rest[:end], " \t\r,")
	if len(line) < 2 || line[len(line)-1] != '}' || severalOn(line) {
		return nil, false
	}
	return line, true
}

// severalOn reports whether a line may hold more than one event. It is quick, and
// true of an event with a list of objects as well.
func severalOn(line []byte) bool {
	for at := 0; ; {
		i := bytes.IndexByte(line[at:], '}')
		if i < 0 {
			return false
		}
		at += i + 1
		if rest := bytes.TrimLeft(line[at:], " \t\r,\ufeff"); len(rest) > 0 && rest[0] == '{' {
			return true
		}
	}
}

// value is how many bytes the JSON value takes that begins where the splitter
// stands, of at most so many.
func (s *splitter) value(limit int) (int, error) {
	var raw json.RawMessage
	decoder := json.NewDecoder(&feeder{s: s, limit: limit})
	if err := decoder.Decode(&raw); err != nil {
		return 0, err
	}
	return int(decoder.InputOffset()), nil
}

// feeder gives a decoder what the splitter reads, which stays with the splitter.
type feeder struct {
	s     *splitter
	given int
	limit int
}

func (f *feeder) Read(p []byte) (int, error) {
	if f.given == len(f.s.rest) {
		if f.given > f.limit {
			return 0, errTooLong
		}
		if err := f.s.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, f.s.rest[f.given:])
	f.given += n
	return n, nil
}

// other is what stands where an event should.
func (s *splitter) other() (record, error) {
	n, err := s.value(maxRecord)
	if err == nil {
		s.take(n)
		return s.refusal("expected an event, and this is not an object"), nil
	}
	if s.opened == 0 && s.behind {
		return s.pass("content after the end of the array is not read", 0)
	}
	return s.broken(err)
}

// giveBack ends a broken event where one begins that it held.
func (s *splitter) giveBack(at int) (record, error) {
	if s.swallowed++; s.swallowed > maxSwallowed {
		return record{}, errGarbled
	}
	s.lost = true
	s.take(at)
	return s.refusal("no event: the next one begins before it ends"), nil
}

// broken passes over a value that is not valid JSON, from where its error is.
func (s *splitter) broken(err error) (record, error) {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return record{}, errCutOff
		}
		if errors.Is(err, errTooLong) {
			return s.pass(tooLong, 0)
		}
		return record{}, err // of the file
	}
	at := min(max(int(syntax.Offset)-1, 0), len(s.rest)-1)
	why := "no event: " + syntax.Error()
	switch c := s.rest[at]; {
	case c == '\n' || c == '\r':
		why = "no event: a text in it does not end on its line"
	case c == '{' && at > 0:
		if i := bytes.Index(s.rest[:at], newLineBrace); i > 0 {
			return s.giveBack(i + 1)
		}
		why = "no event: the next one begins before it ends"
		s.take(at)
		s.lost = true
		return s.refusal(why), nil
	}
	return s.pass(why, at)
}

// pass passes over what cannot be read, up to the next event: a brace at the
// beginning of a line, or behind the end of another.
func (s *splitter) pass(why string, from int) (record, error) {
	s.lost = true
	s.take(from)
	last := byte(0)
	for {
		for i, c := range s.rest {
			switch {
			case c == '{' && (last == '\n' || last == '}'):
				s.take(i)
				return s.refusal(why), nil
			case c == ' ' || c == '\t' || c == '\r' || c == ',' || c == '[' && last == '\n':
			default:
				last = c
			}
		}
		s.take(len(s.rest))
		if err := s.fill(); err == io.EOF {
			return s.refusal(why), nil
		} else if err != nil {
			return record{}, err
		}
	}
}

// maxWord is the longest text within an event that is passed over, in bytes.
const maxWord = 16 << 20

// passLong passes over an event that is too long, token by token.
func (s *splitter) passLong() (record, error) {
	feed := &feeder{s: s, limit: maxWord}
	decoder := json.NewDecoder(feed)
	for depth, taken := 0, 0; ; {
		token, err := decoder.Token()
		if err != nil {
			return s.pass(tooLong, 0)
		}
		n := int(decoder.InputOffset()) - taken
		taken += n
		feed.given -= n
		s.take(n)
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			if depth--; depth == 0 {
				return s.refusal(tooLong), nil
			}
		}
	}
}

// record is an event that begins where the splitter stood last.
func (s *splitter) record(text []byte) record {
	return record{line: s.line, column: s.column, text: text}
}

// refusal is a record that is none, and why; and up to which line it was passed over.
func (s *splitter) refusal(why string) record {
	last := s.at
	if s.before == 0 {
		last--
	}
	if last > s.line {
		why += fmt.Sprintf(" (the lines %d to %d)", s.line, last)
	}
	return record{line: s.line, column: s.column, why: why}
}
