package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect/registry"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Registries is the source of the packages that a project publishes. A registry
// that does not answer is a gap of its own, with its name as the table.
type Registries struct {
	registry.Options
	Packages map[string]model.Names // by the name of the registry
}

// Name is registries.
func (r Registries) Name() string { return "registries" }

// Collect reads the packages, those of different registries at once.
func (r Registries) Collect(ctx context.Context, w Writer) []model.Gap {
	var mu sync.Mutex
	var gaps []model.Gap
	note := func(some ...model.Gap) {
		mu.Lock()
		defer mu.Unlock()
		gaps = append(gaps, some...)
	}
	var all sync.WaitGroup
	for _, reg := range registry.All() {
		names := r.Packages[reg.Name]
		if len(names) == 0 {
			note(model.Gap{Source: r.Name(), Table: reg.Name, Reason: "no package is named in rules.yaml", Off: true})
			continue
		}
		all.Go(func() {
			for _, name := range names {
				note(r.read(ctx, w, reg, name)...)
			}
		})
	}
	all.Wait()
	return gaps
}

// read reads one package. Versions that are known are kept also where downloads
// are not.
func (r Registries) read(ctx context.Context, w Writer, reg registry.Registry, name string) []model.Gap {
	gap := func(table, reason string) []model.Gap {
		return []model.Gap{{Source: r.Name(), Table: table, Reason: reason}}
	}
	o, err := r.Options, error(nil)
	if reg.Each {
		if o.Known, err = known(ctx, w, reg.Name, name, r.Now); err != nil {
			return gap(reg.Name, err.Error())
		}
	}
	found, err := reg.Read(ctx, name, o)
	if err != nil {
		return gap(reg.Name, err.Error())
	}
	w.Refused("versions and days of downloads", found.Refused)
	if reg.Totals {
		earlier, err := totals(ctx, w, reg.Name, name, r.Now)
		if err != nil {
			return gap(reg.Name, err.Error())
		}
		found.Downloads = append(found.Downloads, registry.Days(append(earlier, found.Counts...))...)
	}
	if err := w.Put(ctx, found.Rows()); err != nil {
		return gap(reg.Name, err.Error())
	}
	switch {
	case found.Unsure != "":
		return gap(reg.Name, found.Unsure)
	case found.Uncounted != "":
		return gap(reg.Name+model.DownloadsPart, found.Uncounted)
	}
	return nil
}

// quoted is a text as SQL writes it.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// known are the versions of a package that earlier runs read.
func known(ctx context.Context, w Writer, registryName, name string, now time.Time) (map[string]time.Time, error) {
	table, err := w.Query(ctx, fmt.Sprintf("SELECT version, created_at FROM versions WHERE registry = %s AND package = %s ORDER BY created_at DESC LIMIT %d",
		quoted(registryName), quoted(name), maxRows), model.Window{From: now, Until: now})
	all := map[string]time.Time{}
	for _, row := range table.Rows {
		version, _ := row[0].(string)
		all[version], _ = row[1].(time.Time)
	}
	return all, err
}

// totalsReach is how far back running totals are read: as far as a back-fill.
const totalsReach = 100 * 24 * time.Hour

// totals are the running totals that earlier runs read of a package.
func totals(ctx context.Context, w Writer, registryName, name string, now time.Time) ([]model.DownloadCountRow, error) {
	var all []model.DownloadCountRow
	for {
		table, err := w.Query(ctx, fmt.Sprintf(`SELECT version, until, downloads FROM download_counts
WHERE registry = %s AND package = %s AND since IS NULL AND until >= $1 AND until < $2 ORDER BY until, version LIMIT %d OFFSET %d`,
			quoted(registryName), quoted(name), maxRows, len(all)), model.Window{From: now.Add(-totalsReach), Until: now})
		if err != nil {
			return nil, err
		}
		for _, row := range table.Rows {
			version, _ := row[0].(string)
			until, _ := row[1].(time.Time)
			n, _ := row[2].(float64)
			all = append(all, model.DownloadCountRow{Registry: registryName, Package: name, Version: version, Until: until, Downloads: int64(n)})
		}
		if len(table.Rows) < maxRows {
			return slices.Clip(all), nil
		}
	}
}

// maxRows is how many rows are asked for at once.
const maxRows = 5000
