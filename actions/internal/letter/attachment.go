package letter

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"

	"github.com/emersion/go-message"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

var (
	archive    = lazyregexp.New(`(?i)\.(zip|7z|rar|tar|tgz|bz2|xz|zst)$`)
	exportName = lazyregexp.New(`(?i)\.(?:json|ndjson|jsonl)(?:\.gz)?$`)
)

func isExport(kind, name string) bool {
	switch kind {
	case "application/json", "application/x-ndjson", "application/ndjson":
		return true
	case "application/gzip", "application/x-gzip":
		return name == "" || strings.HasSuffix(strings.ToLower(name), ".gz")
	}
	return exportName.MatchString(name)
}

// export takes in an attachment, unpacked within its bounds.
func (r *reader) export(content []byte) {
	if len(r.letter.Exports) == maxExports {
		r.letter.Refused[TooMany]++
		return
	}
	plain, why := unpack(content, MaxExports-r.exported)
	if why != "" {
		r.letter.Refused[why]++
		return
	}
	r.exported += len(plain)
	r.letter.Exports = append(r.letter.Exports, plain)
}

// unpack returns the content of an export of at most so many bytes, gzipped or
// not, or why it is none.
func unpack(content []byte, size int) ([]byte, Refusal) {
	var in io.Reader = bytes.NewReader(content)
	if isGzip(content) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, Damaged
		}
		in = z
	}
	plain, err := io.ReadAll(io.LimitReader(in, int64(size)+1))
	switch {
	case len(plain) > size:
		return nil, TooLarge
	case err != nil:
		return nil, Damaged
	case isGzip(plain):
		return nil, PackedTwice
	}
	return plain, ""
}

func isGzip(content []byte) bool { return bytes.HasPrefix(content, []byte{0x1f, 0x8b}) }

func isCalendar(kind, name string) bool {
	return kind == "text/calendar" || kind == "application/ics" || strings.HasSuffix(strings.ToLower(name), ".ics")
}

// calendar looks at a calendar's object (RFC 5545), which is no prose. Where it
// asks for a meeting, accepts or cancels one (RFC 5546), a program sends it; a file
// that somebody attaches only publishes.
func (r *reader) calendar(h message.Header, params map[string]string, content []byte) {
	method := params["method"]
	if m := calendarMethod.FindSubmatch(content[:min(len(content), maxText)]); method == "" && m != nil && disposition(h) != "attachment" {
		method = string(m[1])
	}
	if method != "" && !strings.EqualFold(method, "PUBLISH") {
		r.program = true
	}
}

var calendarMethod = lazyregexp.New(`(?im)^METHOD:([A-Z-]+)`)
