package fake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// item is one line of a recorded history: an issue or a pull request with its
// timeline, in the shapes of the REST API, nulls left out.
type item struct {
	Type   string     `json:"type"`
	Issue  *oldIssue  `json:"issue"`
	Pull   *oldIssue  `json:"pull"`
	Events []oldEvent `json:"events"`
}

type oldUser struct {
	Login string `json:"login"`
	ID    int64  `json:"id"`
	Type  string `json:"type"`
}

type oldLabel struct {
	ID          int64   `json:"id"`
	Name        string  `json:"name"`
	Color       string  `json:"color"`
	Description *string `json:"description"`
	Default     bool    `json:"default"`
}

type oldIssue struct {
	ID               int64      `json:"id"`
	Number           int        `json:"number"`
	Title            string     `json:"title"`
	Body             *string    `json:"body"`
	State            string     `json:"state"`
	StateReason      *string    `json:"state_reason"`
	User             *oldUser   `json:"user"`
	Labels           []oldLabel `json:"labels"`
	Assignees        []oldUser  `json:"assignees"`
	Association      string     `json:"author_association"`
	Locked           bool       `json:"locked"`
	ActiveLockReason *string    `json:"active_lock_reason"`
	CreatedAt        time.Time  `json:"created_at"`
	UpdatedAt        time.Time  `json:"updated_at"`
	ClosedAt         *time.Time `json:"closed_at"`
	ClosedBy         *oldUser   `json:"closed_by"`
	MergedAt         *time.Time `json:"merged_at"`
	MergedBy         *oldUser   `json:"merged_by"`
	MergeSHA         *string    `json:"merge_commit_sha"`
	Draft            bool       `json:"draft"`
	Head             oldEnd     `json:"head"`
	Base             oldEnd     `json:"base"`
}

type oldEnd struct {
	Ref string `json:"ref"`
	SHA string `json:"sha"`
}

type oldEvent struct {
	Event       string          `json:"event"`
	ID          int64           `json:"id"`
	Actor       *oldUser        `json:"actor"`
	User        *oldUser        `json:"user"`
	CreatedAt   time.Time       `json:"created_at"`
	UpdatedAt   *time.Time      `json:"updated_at"`
	SubmittedAt *time.Time      `json:"submitted_at"`
	Body        *string         `json:"body"`
	Association string          `json:"author_association"`
	Label       *eventLabel     `json:"label"`
	Rename      *renameShape    `json:"rename"`
	Assignee    *oldUser        `json:"assignee"`
	Reviewer    *oldUser        `json:"requested_reviewer"`
	Requester   *oldUser        `json:"review_requester"`
	State       json.RawMessage `json:"state"`
	CommitID    json.RawMessage `json:"commit_id"`
	CommitURL   json.RawMessage `json:"commit_url"`
	LockReason  json.RawMessage `json:"lock_reason"`
	Milestone   json.RawMessage `json:"milestone"`
	Dismissed   json.RawMessage `json:"dismissed_review"`
	// of a commit
	SHA          json.RawMessage `json:"sha"`
	NodeID       json.RawMessage `json:"node_id"`
	URL          json.RawMessage `json:"url"`
	HTMLURL      json.RawMessage `json:"html_url"`
	Author       json.RawMessage `json:"author"`
	Committer    json.RawMessage `json:"committer"`
	Tree         json.RawMessage `json:"tree"`
	Message      json.RawMessage `json:"message"`
	Parents      json.RawMessage `json:"parents"`
	Verification json.RawMessage `json:"verification"`
}

// thing is the issue or pull request of the line.
func (i item) thing() *oldIssue {
	if i.Issue != nil {
		return i.Issue
	}
	return i.Pull
}

// History is a recorded history. It may be loaded into several repositories.
type History struct{ items []item }

// ReadHistory reads a history, gzipped or not; an error names the line. A line is
// {"type", "issue" or "pull", "events": [...]}.
func ReadHistory(from io.Reader) (History, error) {
	items, err := readItems(from)
	return History{items}, err
}

func readItems(from io.Reader) ([]item, error) {
	buffered := bufio.NewReaderSize(from, 1<<16)
	var plain io.Reader = buffered
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		plain = unzipped
	}
	var items []item
	d := json.NewDecoder(plain)
	for line := 1; ; line++ {
		var one item
		err := d.Decode(&one)
		if err == io.EOF {
			return items, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read history, line %d: %w", line, err)
		}
		if one.thing() == nil || one.thing().Number <= 0 {
			return nil, fmt.Errorf("read history, line %d: neither an issue nor a pull request", line)
		}
		items = append(items, one)
	}
}

// Load reads a recorded history and puts it into the repository.
func (r *Repository) Load(from io.Reader) error {
	h, err := ReadHistory(from)
	if err != nil {
		return err
	}
	return r.LoadHistory(h)
}

// LoadHistory puts a recorded history into the repository as it stood when it was
// recorded: numbers, ids, authors, times, labels, comments and events are the
// recorded ones. The clock is left alone. Several histories may be loaded, of
// other numbers each.
func (r *Repository) LoadHistory(h History) error {
	defer r.lock()()
	for _, one := range h.items {
		if r.byNumber[one.thing().Number] != nil {
			return fmt.Errorf("load history: #%d is there already", one.thing().Number)
		}
		i := r.recorded(one)
		for _, e := range one.Events {
			i.keepEvent(e)
		}
	}
	return nil
}

// known is the account that a record speaks of.
func (r *Repository) known(old *oldUser) *user {
	if old == nil || old.Login == "" {
		return nil
	}
	u := r.hub.user(old.Login)
	if u.id != old.ID && old.ID != 0 {
		u.id, u.made = old.ID, nil
	}
	if old.Type != "" && u.kind != old.Type {
		u.kind, u.made = old.Type, nil
	}
	return u
}

// noteID keeps the ids of what comes later above those that were recorded.
func (r *Repository) noteID(id int64) { r.hub.lastID = max(r.hub.lastID, id) }

func (r *Repository) recorded(one item) *issue {
	old := one.thing()
	i := &issue{
		repo: r, id: old.ID, number: old.Number, title: old.Title, body: old.Body, author: r.known(old.User), association: old.Association,
		state: old.State, reason: old.StateReason, locked: old.Locked, lockReason: old.ActiveLockReason, createdAt: old.CreatedAt.UTC(),
		updatedAt: old.UpdatedAt.UTC(), closedAt: old.ClosedAt, closedBy: r.known(old.ClosedBy),
	}
	r.noteID(old.ID)
	r.noteRole(i.author, old.Association)
	for _, l := range old.Labels {
		i.labels = append(i.labels, r.recordedLabel(l))
	}
	for _, u := range old.Assignees {
		i.assignees = append(i.assignees, r.known(&u))
	}
	if one.Pull != nil {
		i.pull = &pull{
			id: old.ID, draft: old.Draft, head: old.Head.Ref, headSHA: old.Head.SHA, base: old.Base.Ref, baseSHA: old.Base.SHA,
			mergeSHA: old.MergeSHA, mergedAt: old.MergedAt, mergedBy: r.known(old.MergedBy),
		}
	}
	r.keep(i)
	return i
}

func (r *Repository) noteRole(u *user, association string) {
	if u != nil && association != "" && association != "NONE" {
		r.roles[strings.ToLower(u.login)] = association
	}
}

func (r *Repository) recordedLabel(old oldLabel) *label {
	l := r.labelOrNew(old.Name)
	l.name, l.color, l.description, l.standard = old.Name, old.Color, old.Description, old.Default
	if old.ID != 0 {
		l.id = old.ID
		r.noteID(old.ID)
	}
	return l
}

// keepEvent files one recorded event without any of its effects.
func (i *issue) keepEvent(old oldEvent) {
	r := i.repo
	r.noteID(old.ID)
	if old.Event == "commented" {
		i.keepRecordedComment(old)
		return
	}
	e := &entry{issue: i, id: old.ID, kind: old.Event, actor: r.known(old.Actor), at: old.CreatedAt.UTC(), Label: old.Label, Rename: old.Rename}
	if old.Assignee != nil {
		e.Assignee = r.hub.shapeOf(r.known(old.Assignee))
	}
	if old.Event == "reviewed" {
		e.actor = r.known(old.User)
		if old.SubmittedAt != nil {
			e.at = old.SubmittedAt.UTC()
		}
	}
	e.recorded = old.extras(r)
	i.entries = append(i.entries, e)
}

func (i *issue) keepRecordedComment(old oldEvent) {
	author := i.repo.known(old.User)
	if author == nil {
		author = i.repo.known(old.Actor)
	}
	c := &comment{
		issue: i, id: old.ID, body: deref(old.Body), author: author, association: old.Association,
		createdAt: old.CreatedAt.UTC(), updatedAt: old.CreatedAt.UTC(),
	}
	if old.UpdatedAt != nil {
		c.updatedAt = old.UpdatedAt.UTC()
	}
	i.repo.noteRole(author, old.Association)
	i.keepComment(c)
}

// extras is what an event shows beyond the fields that all have.
func (e oldEvent) extras(r *Repository) map[string]json.RawMessage {
	all := map[string]json.RawMessage{}
	keep := func(name string, raw json.RawMessage) {
		if len(raw) > 0 {
			all[name] = raw
		}
	}
	if e.Event == "committed" {
		all["event"] = encode(e.Event)
		for name, raw := range map[string]json.RawMessage{
			"sha": e.SHA, "node_id": e.NodeID, "url": e.URL, "html_url": e.HTMLURL, "author": e.Author, "committer": e.Committer,
			"tree": e.Tree, "message": e.Message, "parents": e.Parents, "verification": e.Verification,
		} {
			keep(name, raw)
		}
		return all
	}
	keep("commit_id", e.CommitID)
	keep("commit_url", e.CommitURL)
	keep("lock_reason", e.LockReason)
	keep("milestone", e.Milestone)
	keep("dismissed_review", e.Dismissed)
	if e.Requester != nil || e.Reviewer != nil {
		all["review_requester"] = encode(r.hub.authorOf(r.known(e.Requester)))
		all["requested_reviewer"] = encode(r.hub.authorOf(r.known(e.Reviewer)))
	}
	if e.Event == "reviewed" {
		all["body"], all["author_association"] = encode(deref(e.Body)), encode(e.Association)
		keep("state", e.State)
	}
	return all
}
