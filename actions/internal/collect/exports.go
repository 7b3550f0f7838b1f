package collect

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/budget"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Exported is what became of the telemetry that people exported.
type Exported struct {
	Files, Events int
	Twice         int            // events that were there already, by their id
	Personal      int            // events with personal data in them: not taken in
	Later         map[string]int // events of kinds that are not known yet, by kind
	Refused       int            // records that could not be read
	Why           []string       // of the first of them, with file and line
	// Findings are what Personal holds, by file and kind, in this order.
	Findings []model.FindingRow
}

// maxRefused is how many refusals are told one by one.
const maxRefused = 10

// Telemetry is where exports of telemetry are read from.
type Telemetry struct {
	Files   fs.FS
	Pattern string            // of the files; empty: none
	Mailed  map[string][]byte // what came by mail, as it was kept, by name
	Now     time.Time
	Tables  Tables // reads CSV and Parquet; nil: such files are refused
}

// Read reads the files of the pattern, in the form that `telemetry export`
// writes, events as JSON, in an array or not, or in tables with a column for each
// field, as CSV or Parquet; gzipped or not. An event is
// counted once, however often it stands there. Each is scanned for personal
// data before it is taken in, and what holds some is counted and left out. A
// record that cannot be read is told, and the rest is taken. No file at all, or
// nothing in them that can be read, is an error. Put is called by one goroutine.
//
// What came by mail is given as it was kept, by name; it is read with the files,
// and not scanned again.
//
// A file that holds records which take too long to understand is given up from
// there on, with that reason. All files that take too long together are an error.
func (t Telemetry) Read(ctx context.Context, put func([]model.Row) error) (Exported, error) {
	files, pattern, mailed, now := t.Files, t.Pattern, t.Mailed, t.Now
	names, err := fs.Glob(files, strings.TrimPrefix(pattern, "./"))
	if err != nil || len(names)+len(mailed) == 0 {
		return Exported{}, fmt.Errorf("there is no file %s", pattern)
	}
	slices.Sort(names)
	// Of an event that stands in a file and in a mail, the file's is believed.
	names = append(names, slices.Sorted(maps.Keys(mailed))...)
	all := withMail{files, mailed}
	whole := ctx
	ctx, stop := context.WithTimeout(ctx, maxExportsTime)
	defer stop()
	c := &collector{done: Exported{Files: len(names), Later: map[string]int{}}, ids: map[eventID]struct{}{}, findings: map[[2]string]int{}, now: now, put: put}
	batches := make(chan *batch, 2*runtime.GOMAXPROCS(0))
	go func() {
		defer close(batches)
		readers(ctx, all, names, now, t.Tables, batches)
	}()
	for b := range batches {
		<-b.ready
		if err := c.take(b); err != nil {
			stop()
			for range batches { // let the readers end
			}
			return c.done, err
		}
	}
	if err := whole.Err(); err != nil {
		return c.done, err
	}
	if ctx.Err() != nil {
		return c.done, fmt.Errorf("the files %s take longer than %s to read", pattern, maxExportsTime)
	}
	if d := c.done; d.Refused > 0 && d.Events+d.Twice+d.Personal+len(d.Later) == 0 {
		return d, errUnread(pattern, d.Why[0], d.Refused)
	}
	err = c.end()
	return c.done, err
}

// errUnread is that nothing in files could be read: the first of so many reasons.
func errUnread(pattern, reason string, reasons int) error {
	more := ""
	if reasons > 1 {
		more = fmt.Sprintf(", and %d more", reasons-1)
	}
	return fmt.Errorf("nothing in the files %s could be read: %s%s", pattern, reason, more)
}

// batch is some records of one file, in their order.
type batch struct {
	file    string
	records []record
	now     time.Time
	ready   chan struct{}
	scanned bool // for what is personal, before it was kept
	beside  bool // events that came by mail are read, too

	events   []event
	refusals []string // "line: why"
	givenUp  int      // records of a file that was given up, beyond those of the refusals
}

// record is the bytes of one event and where it begins.
type record struct {
	line, column int // from 1; no column: the whole line, or file
	text         []byte
	why          string // why it is none; empty where it is one
	row          bool   // line is the number of a row of a table
}

// named is the reason of a record that cannot be read, with its place.
func (r record) named(file string) string {
	switch {
	case r.row:
		return fmt.Sprintf("%s: row %d: %s", file, r.line, r.why)
	case r.line == 0:
		return file + ": " + r.why
	case r.column == 0:
		return fmt.Sprintf("%s:%d: %s", file, r.line, r.why)
	}
	return fmt.Sprintf("%s:%d:%d: %s", file, r.line, r.column, r.why)
}

const (
	// maxExportsTime is how long the reading of all exports may take.
	maxExportsTime = 4 * time.Minute
	// maxBatchTime is how long the understanding of one batch may take: thousands of
	// events take a fraction of a second.
	maxBatchTime = 20 * time.Second
)

// fault is where the text of a record cannot be read; where that is no matter of
// its form, its beginning.
func (r record) fault() (line, column int) {
	var (
		x      exported
		syntax *json.SyntaxError
		kind   *json.UnmarshalTypeError
		at     int64
	)
	switch err := json.Unmarshal(r.text, &x); {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	}
	if r.row || at < 1 || at > int64(len(r.text)) {
		return r.line, r.column
	}
	before := r.text[:at-1]
	if lines := bytes.Count(before, []byte{'\n'}); lines > 0 {
		return r.line + lines, len(before) - bytes.LastIndexByte(before, '\n')
	}
	return r.line, r.column + len(before)
}

// batchSize is how many records are read at a time.
const batchSize = 2048

// readers reads the files one after another and has their records understood
// by all processors; the batches come out in the order of the files.
func readers(ctx context.Context, files withMail, names []string, now time.Time, tables Tables, out chan<- *batch) {
	work := make(chan *batch)
	slow := &slowFiles{limit: maxBatchTime, work: (*batch).understand, names: map[string]bool{}}
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for b := range work {
				slow.understand(ctx, b)
				close(b.ready)
			}
		})
	}
	send := func(b *batch) bool {
		b.now, b.ready = now, make(chan struct{})
		select {
		case out <- b:
		case <-ctx.Done():
			return false
		}
		work <- b
		return true
	}
	for _, name := range names {
		if !readFile(ctx, files, name, tables, send) {
			break
		}
	}
	close(work)
	workers.Wait()
}

// readFile sends the records of one file; it answers false where it was told to
// stop.
func readFile(ctx context.Context, files withMail, name string, tables Tables, send func(*batch) bool) bool {
	_, scanned := files.mailed[name]
	begin := func() *batch { return &batch{file: name, scanned: scanned, beside: len(files.mailed) > 0} }
	b, more := begin(), true
	take := func(r record) bool {
		if b.records = append(b.records, r); len(b.records) == batchSize {
			more = send(b)
			b = begin()
		}
		return more
	}
	err := records(ctx, files, name, tables, take)
	if !more {
		return false
	}
	if err != nil {
		b.records = append(b.records, record{why: err.Error()})
	}
	return send(b)
}

// records takes the records of a file in their order, until take answers false. An
// error is of the file from there on.
func records(ctx context.Context, files withMail, name string, tables Tables, take func(record) bool) error {
	f, err := files.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	in, err := unpacked(f)
	if err != nil {
		return err
	}
	if kind := tableKind(name, in); kind != "" {
		return readTableFile(ctx, tables, kind, in, take)
	}
	s := newSplitter(in)
	for {
		r, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			take(record{line: max(1, s.line), column: max(1, s.column), why: err.Error()})
			return nil
		}
		if !take(r) {
			return nil
		}
	}
}

// slowFiles are the files that are given up.
type slowFiles struct {
	limit time.Duration
	work  func(*batch, context.Context) error
	mu    sync.Mutex
	names map[string]bool
}

// understand makes events of the records of a batch, within its time.
func (s *slowFiles) understand(ctx context.Context, b *batch) {
	s.mu.Lock()
	given := s.names[b.file]
	s.mu.Unlock()
	if given {
		b.givenUp = len(b.records)
		b.records = nil
		return
	}
	// What is given up may go on, so it works on a batch of its own.
	got, err := budget.Do(ctx, s.limit, func(ctx context.Context) (*batch, error) {
		own := &batch{file: b.file, now: b.now, scanned: b.scanned, beside: b.beside, records: b.records}
		return own, s.work(own, ctx)
	})
	if err == nil {
		b.records, b.events, b.refusals = nil, got.events, got.refusals
		return
	}
	s.mu.Lock()
	s.names[b.file] = true
	s.mu.Unlock()
	line := 0
	if len(b.records) > 0 {
		line = b.records[0].line
	}
	b.refusals = []string{fmt.Sprintf("%s:%d: the file is given up here: %v", b.file, line, err)}
	b.givenUp, b.records = max(0, len(b.records)-1), nil
}

// understand makes events of records.
func (b *batch) understand(ctx context.Context) error {
	for _, r := range b.records {
		if err := ctx.Err(); err != nil {
			return err
		}
		if r.why == "" {
			e, why := understand(r.text, b.now, b.scanned)
			if b.beside && !b.scanned {
				e = e.asMailed()
			}
			if why == "" {
				b.events = append(b.events, e)
				continue
			}
			r.why = why
			r.line, r.column = r.fault()
		}
		b.refusals = append(b.refusals, r.named(b.file))
	}
	b.records = nil
	return nil
}

// collector keeps what the batches hold, each event once.
type collector struct {
	done     Exported
	ids      map[eventID]struct{}
	findings map[[2]string]int // by file and kind
	now      time.Time
	rows     []model.Row // that are not put yet
	put      func([]model.Row) error
}

// putSize is how many rows are put at a time, for putting few costs as much.
const putSize = 8192

func (c *collector) take(b *batch) error {
	c.done.Refused += len(b.refusals) + b.givenUp
	for _, why := range b.refusals {
		if len(c.done.Why) < maxRefused {
			c.done.Why = append(c.done.Why, why)
		}
	}
	for _, e := range b.events {
		if _, twice := c.ids[e.id]; twice {
			c.done.Twice++
			continue
		}
		c.ids[e.id] = struct{}{}
		switch {
		case len(e.personal) > 0:
			c.done.Personal++
			for _, kind := range e.personal {
				c.findings[[2]string{b.file, kind}]++
			}
		case e.later != "":
			c.done.Later[e.later]++
		default:
			c.done.Events++
			if e.row != nil {
				c.rows = append(c.rows, e.row)
			}
		}
	}
	if len(c.rows) < putSize {
		return nil
	}
	return c.flush()
}

func (c *collector) flush() error {
	if len(c.rows) == 0 {
		return nil
	}
	rows := c.rows
	c.rows = make([]model.Row, 0, cap(rows))
	return c.put(rows)
}

// end puts what is left, and notes what the scan found.
func (c *collector) end() error {
	for where, n := range c.findings {
		c.done.Findings = append(c.done.Findings, model.FindingRow{At: c.now, Until: c.now, File: where[0], Kind: where[1], Count: n})
	}
	slices.SortFunc(c.done.Findings, func(a, b model.FindingRow) int {
		return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.Kind, b.Kind))
	})
	return c.flush()
}
