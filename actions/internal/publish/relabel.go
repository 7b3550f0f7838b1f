package publish

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/github"
)

// Relabeled is what became of a plan for labels: what was done, and what GitHub
// refused. A label in none of the lists was not tried, or nobody knows.
type Relabeled struct {
	Added, Removed []string
	Refused        []RefusedLabel
}

// RefusedLabel is a label that was not put on, with the reason.
type RefusedLabel struct{ Label, Reason string }

// Has reports whether a label was put on.
func (r Relabeled) Has(label string) bool { return hasFold(r.Added, label) }

// Lines are a sentence for each thing that was done on an issue or a discussion.
func (r Relabeled) Lines(what string) []string {
	var all []string
	if len(r.Added) > 0 {
		all = append(all, fmt.Sprintf("added %s to %s", strings.Join(r.Added, ", "), what))
	}
	for _, label := range r.Removed {
		all = append(all, fmt.Sprintf("removed %s from %s", label, what))
	}
	return all
}

// Relabel carries out steps that change labels, one after another; one that
// fails does not keep the others from being tried.
func (g *GitHub) Relabel(ctx context.Context, steps change.Plan) (Relabeled, error) {
	var done Relabeled
	var errs []error
	for _, step := range steps {
		switch s := step.(type) {
		case change.AddLabels:
			errs = append(errs, g.addLabels(ctx, s, &done))
		case change.LabelDiscussion:
			errs = append(errs, g.labelDiscussion(ctx, s, &done))
		case change.RemoveLabel:
			err := g.RemoveLabel(ctx, s)
			if err == nil {
				done.Removed = append(done.Removed, s.Label)
			}
			errs = append(errs, err)
		default:
			errs = append(errs, fmt.Errorf("%s: no step that changes labels", step))
		}
	}
	return done, errors.Join(errs...)
}

// addLabels puts the labels on in one request. Where GitHub refuses the list for
// one of its names, each is tried by itself, so that one does not cost the others.
func (g *GitHub) addLabels(ctx context.Context, step change.AddLabels, done *Relabeled) error {
	added, err := g.AddLabels(ctx, step)
	if added {
		done.Added = append(done.Added, step.Labels...)
		return err
	}
	if github.Status(err) != http.StatusUnprocessableEntity || len(step.Labels) == 1 {
		done.refuse(step.Labels, err)
		return err
	}
	var errs []error
	for _, label := range step.Labels {
		one := step
		one.Labels = []string{label}
		added, err := g.AddLabels(ctx, one)
		if added {
			done.Added = append(done.Added, label)
		} else {
			done.refuse(one.Labels, err)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// refuse notes labels that were not put on. Where nobody knows, it notes nothing.
func (r *Relabeled) refuse(labels []string, err error) {
	var refused *github.Error
	if !errors.As(err, &refused) || github.Status(err) == 0 && !github.Refused(err) {
		return
	}
	for _, label := range labels {
		r.Refused = append(r.Refused, RefusedLabel{label, refused.Answer()})
	}
}

// labelDiscussion puts those labels on a discussion that the repository has.
func (g *GitHub) labelDiscussion(ctx context.Context, step change.LabelDiscussion, done *Relabeled) error {
	err := g.LabelDiscussion(ctx, step)
	var missing *MissingError
	if err != nil && !errors.As(err, &missing) {
		done.refuse(step.Labels, err)
		return err
	}
	for _, label := range step.Labels {
		if missing != nil && slices.Contains(missing.Labels, label) {
			done.Refused = append(done.Refused, RefusedLabel{label, "the repository has no such label"})
			continue
		}
		done.Added = append(done.Added, label)
	}
	return err
}
