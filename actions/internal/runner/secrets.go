package runner

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// minMask is the length from which a password is masked: a shorter one would
// take common syllables out of the log.
const minMask = 6

// passwordsOf returns the passwords inside secrets that are addresses or
// connection strings, as they are written there and as they are meant. A runner
// masks a secret as a whole, and so not its password in an error.
func passwordsOf(secrets []string) []string {
	var found []string
	for _, secret := range secrets {
		for _, password := range passwordsIn(secret) {
			if len(password) >= minMask && !slices.Contains(found, password) {
				found = append(found, password)
			}
		}
	}
	return found
}

func passwordsIn(secret string) []string {
	_, rest, isAddress := strings.Cut(secret, "://")
	if !isAddress {
		return keywordPasswords(secret)
	}
	var found []string
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		if _, written, has := strings.Cut(authority[:at], ":"); has {
			found = append(found, written)
			if meant, err := url.PathUnescape(written); err == nil {
				found = append(found, meant)
			}
		}
	}
	_, query, _ := strings.Cut(rest, "?")
	for _, pair := range strings.Split(query, "&") {
		if name, written, _ := strings.Cut(pair, "="); strings.EqualFold(name, "password") {
			found = append(found, written)
			if meant, err := url.QueryUnescape(written); err == nil {
				found = append(found, meant)
			}
		}
	}
	return found
}

var (
	keywordForm    = regexp.MustCompile(`(?i)(?:^|\s)password\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))`)
	keywordEscapes = regexp.MustCompile(`\\(.)`)
)

// keywordPasswords returns the passwords of a connection string of PostgreSQL
// such as "host=db user=ann password='it\'s'".
func keywordPasswords(dsn string) []string {
	var found []string
	for _, m := range keywordForm.FindAllStringSubmatch(dsn, -1) {
		written := m[1] + m[2]
		found = append(found, written, keywordEscapes.ReplaceAllString(written, "$1"))
	}
	return found
}
