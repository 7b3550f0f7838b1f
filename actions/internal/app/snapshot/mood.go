package snapshot

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/sentiment"
)

// feeling is how what people write is measured, wherever they wrote it: issues,
// comments, mentions and answers to surveys.
var feeling = sentiment.Score

// maxAsked is how much of an issue is looked at for what it asks for, in bytes.
const maxAsked = 4000

// request is what an issue asks for, on a line, masked.
func request(title, body string) string {
	return redact.Text(issuetext.Request(title, beginning(body)))
}

// versionsOf are the versions that an issue names.
func versionsOf(title, body string) []string { return issuetext.Versions(title, beginning(body)) }

func beginning(s string) string {
	if len(s) > maxAsked {
		return strings.ToValidUTF8(s[:maxAsked], "")
	}
	return s
}
