package redact

import "strings"

// queryNames are the parameters of an address that hold a key in some services
// and something else in others: the value decides.
var queryNames = []string{"key", "auth", "code", "session", "sid", "jwt", "hash", "user", "sig", "signature"}

// findSignature finds the signature of a shared address of Azure: sig=….
func findSignature(t *text, at int) Span {
	if !t.starts(at-3, "sig=") || !strings.ContainsRune("?&;", rune(t.at(at-4))) {
		return t.queryKey(at)
	}
	const length = 43 // 32 bytes in base64
	until := t.trim(at+1, t.long(at+1, addressRun), ".;:!?*_")
	for i := at + 1; i < min(until, at+1+maxJudged); i++ {
		if t.at(i) == '&' {
			until = i
		}
	}
	if until-at-1 < length || until-at > 2*length {
		return Span{}
	}
	return Span{at + 1, until, secret}
}

// queryKey finds the value of a parameter of queryNames that was drawn at random.
func (t *text) queryKey(at int) Span {
	from := t.back(at, 12, lower)
	if from == at || strings.IndexByte("?&;", t.at(from-1)) < 0 {
		return Span{}
	}
	name, found := t.slice(from, at), false
	for _, n := range queryNames {
		found = found || n == name
	}
	until := t.run(at+1, maxJudged, dashed)
	if !found || until-at-1 < minRandom || t.is(until, dashed) || !isRandom(t.slice(at+1, until)) {
		return Span{}
	}
	return Span{at + 1, until, secret}
}

// crypts are the beginnings of hashes of passwords, as crypt and its successors
// write them.
var crypts = []string{"$2a$", "$2b$", "$2y$", "$1$", "$5$", "$6$", "$y$", "$7$", "$apr1$", "$argon2id$", "$argon2i$", "$argon2d$", "$scrypt$", "$pbkdf2", "$P$", "$H$"}

// findCrypt finds the hash of a password.
func findCrypt(t *text, at int) Span {
	if !t.is(at+1, word) {
		return Span{}
	}
	for _, start := range crypts {
		if !t.starts(at, start) {
			continue
		}
		until := at
		for range 8 {
			until = t.long(until+1, credentialRun)
			if t.at(until) == ',' && t.is(until+1, lower) {
				continue // a list of parameters
			}
			if t.at(until) != '$' {
				break
			}
		}
		until = t.trim(at, until, ".-")
		if until-at < len(start)+20 {
			return Span{}
		}
		return Span{at, until, secret}
	}
	return Span{}
}
