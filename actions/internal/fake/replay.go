package fake

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Step is one thing of a history that happens again.
type Step struct {
	At     time.Time
	Number int
	Action string // as in an `issues` event: opened, edited, labeled, unlabeled, closed, reopened, locked; or commented
}

// deed is a step, and what it does.
type deed struct {
	Step
	do func()
}

// Replay lets a recorded history happen again in the order of time: the clock is
// set to each step, the step is done by whom it was done, and each is called
// when it is. Pull requests are opened and closed too. It ends at the first
// error that each gives.
func (r *Repository) Replay(from io.Reader, each func(Step) error) error {
	items, err := readItems(from)
	if err != nil {
		return err
	}
	for _, d := range r.deeds(items) {
		r.hub.world.SetNow(d.At)
		unlock := r.lock()
		d.do()
		unlock()
		if err := each(d.Step); err != nil {
			return fmt.Errorf("replay #%d, %s at %s: %w", d.Number, d.Action, d.At.Format(time.RFC3339), err)
		}
	}
	return nil
}

func (r *Repository) deeds(items []item) []deed {
	defer r.lock()()
	var all []deed
	for _, one := range items {
		old := one.thing()
		r.noteID(old.ID)
		for _, l := range old.Labels {
			r.recordedLabel(l)
		}
		all = append(all, deed{Step{old.CreatedAt.UTC(), old.Number, "opened"}, func() { r.recorded(one.asOpened()) }})
		for _, e := range one.Events {
			r.noteID(e.ID)
			if action := actions[e.Event]; action != "" {
				all = append(all, deed{Step{e.CreatedAt.UTC(), old.Number, action}, func() { r.must(old.Number).redo(e) }})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b deed) int { return a.At.Compare(b.At) })
	return all
}

// actions are the kinds of events that happen again, and what `issues` events
// call them.
var actions = map[string]string{
	"labeled": "labeled", "unlabeled": "unlabeled", "renamed": "edited", "closed": "closed", "reopened": "reopened", "locked": "locked",
	"commented": "commented",
}

// asOpened is the line as it was at the moment of its opening.
func (i item) asOpened() item {
	old := *i.thing()
	for _, e := range i.Events {
		if e.Rename != nil {
			old.Title = e.Rename.From
			break
		}
	}
	old.State, old.StateReason, old.Labels, old.Assignees, old.Locked, old.ActiveLockReason = "open", nil, i.firstLabels(), nil, false, nil
	old.UpdatedAt, old.ClosedAt, old.ClosedBy, old.MergedAt, old.MergedBy, old.MergeSHA = old.CreatedAt, nil, nil, nil, nil, nil
	if i.Pull != nil {
		return item{Pull: &old}
	}
	return item{Issue: &old}
}

// firstLabels is the labels that were there from the start: those that no event
// put on, and those that were taken off before any did.
func (i item) firstLabels() []oldLabel {
	seen := map[string]bool{}
	var first []oldLabel
	for _, e := range i.Events {
		if e.Label == nil || seen[strings.ToLower(e.Label.Name)] {
			continue
		}
		seen[strings.ToLower(e.Label.Name)] = true
		if e.Event == "unlabeled" {
			first = append(first, oldLabel{Name: e.Label.Name, Color: e.Label.Color})
		}
	}
	for _, l := range i.thing().Labels {
		if !seen[strings.ToLower(l.Name)] {
			first = append(first, l)
		}
	}
	return first
}

// redo does what an event tells.
func (i *issue) redo(e oldEvent) {
	actor := i.repo.known(e.Actor)
	switch e.Event {
	case "labeled":
		i.addLabel(actor, e.Label.Name)
	case "unlabeled":
		i.removeLabel(actor, e.Label.Name)
	case "renamed":
		i.rename(actor, e.Rename.To)
	case "closed":
		i.close(actor, "completed")
	case "reopened":
		i.reopen(actor)
	case "locked":
		i.locked = true
		i.happen(actor, "locked")
	case "commented":
		i.keepRecordedComment(e)
		i.updatedAt = i.repo.now()
	}
}
