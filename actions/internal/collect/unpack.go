package collect

import (
	"bufio"
	"compress/gzip"
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
