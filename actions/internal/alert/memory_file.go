package alert

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// memoryVersion is the newest form that is read. A memory without records of
// issues is written in plainVersion, which earlier versions of the program read.
const (
	memoryVersion = 3
	plainVersion  = 2
)

// Damaged is the error for a memory that is not as it was written: cut,
// changed, or merged by hand. The last good one stands in the repository's
// past.
type Damaged struct{ Why string }

func (d Damaged) Error() string {
	return "the memory of alerts is damaged: " + d.Why + "; restore the last good version of the file from the repository's past"
}

// Newer is the error for a memory whole, but in a form of a later version.
type Newer struct{ Version int }

func (n Newer) Error() string {
	return fmt.Sprintf("the memory of alerts has form %d and this version reads %d at most: use the newer version that wrote it", n.Version, memoryVersion)
}

// record is the file: the checksum, which comes first and covers every other
// byte, then the rest.
type record struct {
	Version int           `json:"version"`
	Alerts  []MetricAlert `json:"alerts"`
	Issues  []IssueRecord `json:"issues,omitempty"`
}

const (
	sumStart  = "{\n  \"checksum\": \""
	sumEnd    = "\",\n"
	sumLength = 2 * sha256.Size
)

// Encode writes memory: the same for the same memory, by metric, and with a
// line break at the end.
func (m Memory) Encode() []byte {
	m = m.clone()
	slices.SortStableFunc(m.Alerts, func(a, b MetricAlert) int { return strings.Compare(a.Metric, b.Metric) })
	if m.Alerts == nil {
		m.Alerts = []MetricAlert{}
	}
	// Marshalling these types cannot fail.
	version := plainVersion
	if len(m.Issues) > 0 {
		version = memoryVersion
	}
	body, _ := json.MarshalIndent(record{Version: version, Alerts: m.Alerts, Issues: m.Issues}, "", "  ")
	return withSum(append(bytes.TrimPrefix(body, []byte("{\n")), '\n'))
}

// withSum puts the checksum before the rest of the file.
func withSum(rest []byte) []byte {
	return slices.Concat([]byte(sumStart+sum(rest)+sumEnd), rest)
}

func sum(rest []byte) string {
	h := sha256.Sum256(rest)
	return hex.EncodeToString(h[:])
}

// Decode reads what Encode writes. Its errors are Damaged, where any byte is
// missing or other than it was written, and Newer. Nothing that it does not
// know is kept or passed over: a file with a good checksum, this version and a
// field of another is damaged too.
func Decode(data []byte) (Memory, error) {
	rest, err := checked(data)
	if err != nil {
		return Memory{}, err
	}
	body := append([]byte("{\n"), rest...)
	var form struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(body, &form); err != nil {
		return Memory{}, Damaged{"it is not valid JSON: " + err.Error()}
	}
	if form.Version > memoryVersion {
		return Memory{}, Newer{form.Version}
	}
	if form.Version < 1 {
		return Memory{}, Damaged{fmt.Sprintf("its version is %d", form.Version)}
	}
	return strict(body)
}

// checked is the file behind its checksum.
func checked(data []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(data, []byte(sumStart))
	if !ok || len(rest) < sumLength {
		return nil, Damaged{"it does not begin with its checksum"}
	}
	said := string(rest[:sumLength])
	rest, ok = bytes.CutPrefix(rest[sumLength:], []byte(sumEnd))
	if !ok || said != sum(rest) {
		return nil, Damaged{"its checksum does not fit"}
	}
	return rest, nil
}

func strict(body []byte) (Memory, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	var got record
	if err := d.Decode(&got); err != nil {
		return Memory{}, Damaged{err.Error()}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Memory{}, Damaged{"there is content after its end"}
	}
	sorted := slices.IsSortedFunc(got.Alerts, func(a, b MetricAlert) int { return strings.Compare(a.Metric, b.Metric) })
	for i, a := range got.Alerts {
		if a.Metric == "" || !sorted || i > 0 && got.Alerts[i-1].Metric == a.Metric {
			return Memory{}, Damaged{"its metrics are not in order, each once and with a name"}
		}
	}
	for i, r := range got.Issues {
		if r.Subject == "" || r.Run == "" || r.ID <= 0 || i > 0 && got.Issues[i-1].ID >= r.ID {
			return Memory{}, Damaged{"its records of issues are not in order, each with a subject and a run"}
		}
	}
	return Memory{Alerts: got.Alerts, Issues: got.Issues}, nil
}
