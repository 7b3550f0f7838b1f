package actions

import "embed"

// Files holds what stands beside the programs and others need of it: each
// action.yml by its path ("triage/action.yml"), and the plan that init writes
// ("init/plans/caro.yaml").
//
//go:embed triage/action.yml snapshot/action.yml digest/action.yml gate/action.yml init/plans/caro.yaml
var Files embed.FS
