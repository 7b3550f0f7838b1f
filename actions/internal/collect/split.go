package collect

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"
)

const (
	// maxRecord is larger than any event, in bytes, and small enough that no finder
	// of personal data takes long over it.
	maxRecord = 64 << 10
	// maxUnpacked is how much a packed file may hold, in bytes.
	maxUnpacked = 4 << 30
	// maxRatio is how many times its size a packed file may grow to, beyond the
	// first megabytes: telemetry packs to a tenth, a bomb to a thousandth.
	maxRatio     = 200
	freeUnpacked = 16 << 20
)

// unpacked is what a file holds, packed by gzip or not.
func unpacked(f io.Reader) (*bufio.Reader, error) {
	packed := &counter{from: f}
	in := bufio.NewReaderSize(packed, 1<<16)
	magic, err := in.Peek(2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(magic) < 2 || magic[0] != 0x1f || magic[1] != 0x8b {
		return inUTF8(in), nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("the file begins as gzip does, and is none: %w", err)
	}
	return inUTF8(bufio.NewReaderSize(&bounded{counter{from: z}, packed}, 1<<16)), nil
}

// inUTF8 is a text in UTF-8: one that begins with the mark of UTF-16, as
// PowerShell writes, is converted.
func inUTF8(in *bufio.Reader) *bufio.Reader {
	if mark, _ := in.Peek(2); string(mark) != "\xff\xfe" && string(mark) != "\xfe\xff" {
		return in
	}
	return bufio.NewReaderSize(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(in), 1<<16)
}

type counter struct {
	from io.Reader
	n    int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

// bounded ends what grows beyond all measure.
type bounded struct {
	counter
	packed *counter
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.counter.Read(p)
	if b.n > maxUnpacked || b.n > freeUnpacked && b.n > maxRatio*b.packed.n {
		return 0, fmt.Errorf("the file unpacks to over %d MiB from %d KiB: it is not read on", b.n>>20, b.packed.n>>10)
	}
	return n, err
}

// splitter finds the records in a file: the objects of an array, or a line
// each. It understands no more of JSON than where an object ends.
type splitter struct {
	in    *bufio.Reader
	line  int // where the last record began
	at    int // the line that is read
	array bool
	begun bool
	rest  []byte // of the line that is read, behind its first event
	lost  bool   // something was read over, perhaps the end of the array
}

func newSplitter(in *bufio.Reader) *splitter { return &splitter{in: in, at: 1} }

// next is the next record. The error is io.EOF at the end of the file.
func (s *splitter) next() (record, error) {
	if !s.begun {
		s.begun = true
		if mark, _ := s.in.Peek(3); bytes.Equal(mark, []byte{0xef, 0xbb, 0xbf}) {
			_, _ = s.in.Discard(3)
		}
		c, err := s.skip(" \t\r\n")
		if err != nil {
			return record{}, err
		}
		s.array = c == '['
		if !s.array {
			_ = s.in.UnreadByte()
		}
	}
	if s.array {
		return s.element()
	}
	return s.row()
}

// skip reads over signs and answers with the first other one.
func (s *splitter) skip(signs string) (byte, error) {
	for {
		c, err := s.in.ReadByte()
		if err != nil {
			return 0, err
		}
		if c == '\n' {
			s.at++
		}
		if bytes.IndexByte([]byte(signs), c) < 0 {
			return c, nil
		}
	}
}

var tooLong = fmt.Sprintf("an event is over %d KiB", maxRecord>>10)

var errCutOff = errors.New("the file is cut off within an event")

// element is the next object of an array.
func (s *splitter) element() (record, error) {
	c, err := s.skip(" \t\r\n,")
	if err == io.EOF && !s.lost {
		return record{}, errors.New("the array does not end: the file is cut off")
	}
	if err != nil {
		return record{}, err
	}
	s.line = s.at
	switch c {
	case ']':
		return s.behind()
	case '{':
		return s.object()
	}
	_ = s.in.UnreadByte()
	return s.other()
}

// behind looks at what stands behind an array: another one, as where exports
// were appended to each other, or nothing.
func (s *splitter) behind() (record, error) {
	c, err := s.skip(" \t\r\n,")
	if err != nil {
		return record{}, err
	}
	s.line = s.at
	if c == '[' {
		return s.element()
	}
	return record{}, errors.New("something stands behind the end of the array: it is not read")
}

// object reads to the end of an object of which the first sign is read. Where
// the next event begins within it, it was half-written, and that one is next.
func (s *splitter) object() (record, error) {
	text := append(make([]byte, 0, 256), '{')
	within := nest{}.enter('{')
	long := false
	for quoted, escaped, last := false, false, byte('{'); within.depth > 0; {
		c, err := s.in.ReadByte()
		if err == io.EOF {
			return record{}, errCutOff
		}
		if err != nil {
			return record{}, err
		}
		if len(text) < maxRecord {
			text = append(text, c)
		} else {
			long = true
		}
		switch {
		case c == '\n':
			s.at++
			if quoted {
				return s.resume()
			}
			continue
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted, c == ' ', c == '\t', c == '\r':
			continue
		case c == '{' && within.object() && last != ':':
			_ = s.in.UnreadByte()
			return record{line: s.line, why: "no event: the next one begins before it ends"}, nil
		case c == '{' || c == '[':
			within = within.enter(c)
		case c == '}' || c == ']':
			within.depth--
		}
		last = c
	}
	if long {
		return record{line: s.line, why: tooLong}, nil
	}
	return record{line: s.line, text: text}, nil
}

// nest is how deep a place lies, and whether in an object, for as many levels
// as there are bits.
type nest struct {
	depth   int
	objects uint64
}

func (n nest) enter(c byte) nest {
	n.depth++
	bit := uint64(1) << (n.depth % 64)
	n.objects &^= bit
	if c == '{' {
		n.objects |= bit
	}
	return n
}

func (n nest) object() bool { return n.depth < 64 && n.objects>>n.depth&1 == 1 }

// resume goes on with the next line that begins with an object: a text that
// does not end on its line was half-written.
func (s *splitter) resume() (record, error) {
	s.lost = true
	broken := record{line: s.line, why: "no event: a text in it does not end on its line"}
	for {
		c, err := s.skip(" \t\r\n,[")
		if err == io.EOF {
			return broken, nil
		}
		if err != nil {
			return record{}, err
		}
		if c == '{' {
			_ = s.in.UnreadByte()
			return broken, nil
		}
		if err := s.endLine(); err != nil {
			return broken, nil
		}
	}
}

// endLine reads to the end of the line.
func (s *splitter) endLine() error {
	for {
		c, err := s.in.ReadByte()
		if err != nil {
			return err
		}
		if c == '\n' {
			s.at++
			return nil
		}
	}
}

// other is an element that is no object: it is read over, up to the comma or
// the end of the array.
func (s *splitter) other() (record, error) {
	for depth, quoted, escaped := 0, false, false; ; {
		c, err := s.in.ReadByte()
		if err == io.EOF {
			return record{}, errCutOff
		}
		if err != nil {
			return record{}, err
		}
		switch {
		case c == '\n':
			s.at++
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case depth == 0 && (c == ',' || c == ']'):
			_ = s.in.UnreadByte()
			return record{line: s.line, why: "expected an event, and this is no object"}, nil
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
}

// row is the next event of the lines, one or several on each.
func (s *splitter) row() (record, error) {
	for {
		if text := s.first(s.rest); len(text) > 0 {
			return record{line: s.line, text: text}, nil
		}
		s.line = s.at
		text, long, err := s.readLine()
		if err != nil {
			return record{}, err
		}
		s.at++
		if long {
			return record{line: s.line, why: tooLong}, nil
		}
		s.rest = bytes.Clone(text)
	}
}

// between is what may be between two events on a line, and where files were put
// together: the mark of UTF-8 as well.
const between = " \t\r\n,\ufeff"

// first takes the first event off a line and keeps the rest. A line that holds no
// whole event is taken as it is.
func (s *splitter) first(line []byte) []byte {
	line = bytes.Trim(line, between)
	s.rest = nil
	if !bytes.Contains(line, []byte("}")) || !severalOn(line) {
		return line
	}
	var event json.RawMessage
	decoder := json.NewDecoder(bytes.NewReader(line))
	if err := decoder.Decode(&event); err != nil {
		return line
	}
	s.rest = line[decoder.InputOffset():]
	return event
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
		if rest := bytes.TrimLeft(line[at:], between); len(rest) > 0 && rest[0] == '{' {
			return true
		}
	}
}

// readLine reads one line; of one that is too long, nothing is kept.
func (s *splitter) readLine() (text []byte, long bool, err error) {
	for {
		part, err := s.in.ReadSlice('\n')
		if len(text)+len(part) > maxRecord {
			long, text = true, nil
		} else if !long {
			text = append(text, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
		case err == io.EOF && (len(text) > 0 || long):
			return text, long, nil
		case err != nil:
			return nil, long, err
		default:
			return text, long, nil
		}
	}
}
