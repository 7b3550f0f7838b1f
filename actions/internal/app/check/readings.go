package check

import (
	"fmt"
	"os"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/audit"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// maxFindings is how many figures that differ are named; the rest are counted.
const maxFindings = 50

// checkReadings compares the pages of a folder of reports with the readings in it.
func checkReadings(env *runner.Env) error {
	book, err := config.Read(env.Files, env.Input("rules"))
	if err != nil {
		return err
	}
	var metrics []audit.Metric
	for _, m := range book.Measured() {
		metrics = append(metrics, audit.Metric{ID: m.ID, Title: m.Title, Own: m.Own(), Weekly: m.Weekly()})
	}
	folder := env.Input("readings")
	got, err := audit.Readings(os.DirFS(env.Path(folder)), metrics)
	if err != nil {
		return fmt.Errorf("check the pages of %s: %w", folder, err)
	}
	var page strings.Builder
	fmt.Fprintf(&page, "## Figures of %s\n\n%s on %s were compared with the readings; %d differ.\n", report.Cell(folder),
		humanize.Count(len(got.Figures), "figure"), humanize.Count(got.Pages, "page"), len(got.Findings))
	for i, f := range got.Findings {
		if i == maxFindings {
			fmt.Fprintf(&page, "- %d more\n", len(got.Findings)-i)
			env.Log.Info(fmt.Sprintf("%d more figures differ", len(got.Findings)-i))
			break
		}
		env.Log.Info(f.String())
		fmt.Fprintf(&page, "- %s\n", report.Cell(f.String()))
	}
	if n := len(got.Unread); n > 0 {
		env.Warn("%s could not be compared, the first: %s", humanize.Count(n, "row"), got.Unread[0])
	}
	if err := env.Summary(page.String()); err != nil {
		return err
	}
	switch {
	case len(got.Figures) == 0:
		return fmt.Errorf("no figures in %s: name the folder of reports that snapshot writes", folder)
	case len(got.Findings) > 0:
		return fmt.Errorf("%d of %s differ from the readings: run snapshot to write the pages of today anew; a page of the past that differs was edited, or its readings were",
			len(got.Findings), humanize.Count(len(got.Figures), "figure"))
	}
	env.Log.Info(fmt.Sprintf("%s on %s equal the readings", humanize.Count(len(got.Figures), "figure"), humanize.Count(got.Pages, "page")))
	return nil
}
