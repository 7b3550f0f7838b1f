package collect

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/aftercare/aftercare/actions/internal/letter"
)

// names are a mail's: of what its sender named it and when, or where that is
// missing of what else stays the same when it is delivered anew. A mail that was
// too large to be read has its size for a body.
func (m Mailbox) names(header letter.Header, body []byte, size int64) []string {
	what := header.Get("Message-Id") + "\x00" + header.Get("Date")
	if header.Get("Message-Id") == "" {
		sum := sha256.Sum256(body)
		if size > largestMail {
			sum = sha256.Sum256(fmt.Append(nil, size))
		}
		what += "\x00" + header.Get("From") + "\x00" + header.Get("Subject") + "\x00" + string(sum[:])
	}
	var names []string
	for _, key := range m.Keys {
		h := hmac.New(sha256.New, []byte(key))
		h.Write([]byte("mail\x00" + what))
		names = append(names, hex.EncodeToString(h.Sum(nil)[:8]))
	}
	sum := sha256.Sum256([]byte("mail\x00" + what))
	return append(names, hex.EncodeToString(sum[:8]))
}
