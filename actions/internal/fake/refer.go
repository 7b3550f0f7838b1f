package fake

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What GitHub does not read as prose: fenced and inline code, HTML comments.
var notProse = regexp.MustCompile("(?s)```.*?(?:```|$)|~~~.*?(?:~~~|$)|``.*?``|`[^`\n]*`|<!--.*?(?:-->|$)")

var (
	reference = regexp.MustCompile(`(?:^|[^\w/&#])#(\d{1,9})\b`)
	mention   = regexp.MustCompile(`(?:^|[^\w@/` + "`" + `])@([A-Za-z0-9][A-Za-z0-9-]*(?:/[A-Za-z0-9._-]+)?)`)
	closing   = regexp.MustCompile(`(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d{1,9})\b`)
)

// refer does what GitHub does with a text that somebody wrote on an issue: what
// it names gets a line in its timeline, whom it mentions is told.
func (i *issue) refer(author *user, text *string) {
	if text == nil || !strings.ContainsAny(*text, "#@") {
		return
	}
	prose := notProse.ReplaceAllString(*text, " ")
	for _, hit := range reference.FindAllStringSubmatch(prose, -1) {
		number, _ := strconv.Atoi(hit[1])
		if target := i.repo.byNumber[number]; target != nil && target != i {
			target.referredBy(i, author)
		}
	}
	for _, hit := range mention.FindAllStringSubmatch(prose, -1) {
		i.repo.pinged(i, author, hit[1])
	}
}

// referredBy writes the reference down once for each source; it is no update.
func (i *issue) referredBy(source *issue, actor *user) {
	for _, e := range i.entries {
		if e.source == source {
			return
		}
	}
	i.entries = append(i.entries, &entry{
		issue: i, id: i.repo.hub.next(), kind: "cross-referenced", actor: actor, at: i.repo.now(), source: source,
	})
}

func (r *Repository) pinged(i *issue, author *user, name string) {
	by := "ghost"
	if author != nil {
		by = author.login
	}
	ping := fmt.Sprintf("@%s on #%d by %s", name, i.number, by)
	if !slices.Contains(r.pings, ping) {
		r.pings = append(r.pings, ping)
	}
}

// Pings is who was told because a text mentioned them, each as "@name on #1 by
// author" and once: what a text from strangers must not bring about.
func (r *Repository) Pings() []string {
	defer r.lock()()
	return slices.Clone(r.pings)
}

// closedBy closes what the message of a commit on the default branch closes.
func (r *Repository) closedBy(actor *user, sha, message string) {
	for _, hit := range closing.FindAllStringSubmatch(message, -1) {
		number, _ := strconv.Atoi(hit[1])
		i := r.byNumber[number]
		if i == nil {
			continue
		}
		if e := i.close(actor, "completed"); e != nil {
			e.commit(r, sha)
		}
	}
}

func (e *entry) commit(r *Repository, sha string) {
	e.recorded = map[string]json.RawMessage{
		"commit_id": encode(sha), "commit_url": encode(r.api() + "/commits/" + sha),
	}
}
