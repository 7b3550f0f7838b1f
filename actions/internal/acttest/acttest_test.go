package acttest

import (
	"strings"
	"testing"
)

const workflow = `name: probe
on: issues
permissions: {}
jobs:
  probe:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: {}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - id: probe
        uses: ./actions/probe
        env:
          SLACK_BOT_TOKEN: ${{ secrets.SLACK_BOT_TOKEN }}
      - run: echo "the output is $WORD"
        env:
          WORD: ${{ steps.probe.outputs.word }}
`

const composite = `name: probe
inputs:
  github-token:
    default: ${{ github.token }}
  unset-input:
    default: ''
outputs:
  word:
    value: ${{ steps.look.outputs.word }}
runs:
  using: composite
  steps:
    - id: look
      shell: bash
      run: '"$GITHUB_ACTION_PATH/look.sh"'
      env:
        INPUT_GITHUB_TOKEN: ${{ inputs.github-token }}
        INPUT_UNSET_INPUT: ${{ inputs.unset-input }}
`

// look prints no secret itself, since act hides those that it knows.
const look = `#!/usr/bin/env bash
[ "${#INPUT_GITHUB_TOKEN}" = 9 ] && echo "it has the token"
[ "${#SLACK_BOT_TOKEN}" = 7 ] && echo "it has the step's secret"
[ -z "$INPUT_UNSET_INPUT" ] && echo "it has the empty input"
[ -n "$GITHUB_STEP_SUMMARY" ] && echo x >>"$GITHUB_STEP_SUMMARY" && echo "it writes a summary"
echo word=told >>"$GITHUB_OUTPUT"
echo "event $GITHUB_EVENT_NAME of $GITHUB_REPOSITORY at $GITHUB_API_URL"
grep -c "a title" "$GITHUB_EVENT_PATH"
[ -f "$GITHUB_WORKSPACE/go.mod" ] && echo "it stands in the tree"
[ -z "$GITHUB_PROBE" ] && echo "it sees nothing of the runner around"
`

// A composite action sees what the programs rely on: the token, its step's
// secrets, the event, the tree; and its outputs arrive.
func TestWhatAStepSees(t *testing.T) {
	t.Setenv("GITHUB_PROBE", "of the runner around")
	log, err := Run(t, Job{
		Workflow: ".github/workflows/probe.yml", Event: "issues", Payload: []byte(`{"issue":{"title":"a title"}}`),
		Env:     map[string]string{"GITHUB_API_URL": "http://127.0.0.1:9"},
		Secrets: map[string]string{"GITHUB_TOKEN": "token-123", "SLACK_BOT_TOKEN": "slack-1"},
		Files:   map[string]string{".github/workflows/probe.yml": workflow, "actions/probe/action.yml": composite, "actions/probe/look.sh": look},
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	for _, want := range []string{
		"it has the token", "it has the step's secret", "it has the empty input", "it writes a summary",
		"event issues of caro/caro at http://127.0.0.1:9", "it stands in the tree", "it sees nothing of the runner around", "the output is told", "Job succeeded",
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	if t.Failed() {
		t.Log(log)
	}
	for _, secret := range []string{"token-123", "slack-1"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log shows %q", secret)
		}
	}
}

// A job that fails is an error, with its log.
func TestAFailureIsToldAsOne(t *testing.T) {
	log, err := Run(t, Job{
		Workflow: ".github/workflows/probe.yml", Event: "issues", Payload: []byte(`{}`),
		Files: map[string]string{".github/workflows/probe.yml": strings.Split(workflow, "      - uses")[0] + "      - run: exit 3\n"},
	})
	if err == nil || !strings.Contains(log, "Job failed") {
		t.Errorf("err %v\n%s", err, log)
	}
}

// The page of the reports is what goes to Pages, and nothing else of the
// repository; where there is none yet, nothing goes.
func TestThePagesWorkflow(t *testing.T) {
	job := Job{
		Workflow: ".github/workflows/pages.yml", Event: "workflow_dispatch", Payload: []byte(`{"inputs":{}}`),
		Stub:  "test ! -d site || (cd site && find . -type f -exec echo goes {} + && cat index.html)",
		Files: map[string]string{"reports/index.html": "<p>the page of today</p>\n"},
	}
	log, err := Run(t, job)
	if err != nil || !strings.Contains(log, "goes ./index.html\n") || !strings.Contains(log, "the page of today") {
		t.Errorf("%v\n%s", err, log)
	}
	job.Files = nil
	if log, err = Run(t, job); err != nil || strings.Contains(log, "goes ") {
		t.Errorf("without a page: %v\n%s", err, log)
	}
}

// What CI runs is the script that anybody can run, and the race detector beside it.
func TestTheWorkflowOfCI(t *testing.T) {
	log, err := Run(t, Job{
		Workflow: ".github/workflows/ci.yml", Event: "push", Payload: []byte(`{"ref":"refs/heads/main"}`),
		Files: map[string]string{".ci/run": "#!/bin/sh\necho 'all that is checked'\n", "Makefile": "race:\n\t@echo 'all that runs at once'\n"},
	})
	if err != nil || !strings.Contains(log, "all that is checked") || !strings.Contains(log, "all that runs at once") {
		t.Errorf("%v\n%s", err, log)
	}
}

// steps tells what it is called with, and leaves what the next step looks for.
// What the real one does at each step is the business of its own test.
const steps = `#!/bin/sh
echo "step: $*"
case $1 in
version) ;;
publish) [ -n "$GH_TOKEN" ] && echo 'with a token' ;;
manifest) [ -z "$GH_TOKEN" ] && echo 'without a token' >&2 ;;
*) mkdir -p dist ;;
esac
`

// release is the workflow of releases, started on a branch.
func release(branch string) Job {
	return Job{
		Workflow: ".github/workflows/release.yml", Event: "workflow_dispatch",
		Payload: []byte(`{"inputs":{"version":"v1.2.3"},"ref":"refs/heads/` + branch + `","repository":{"default_branch":"main"}}`),
		Secrets: map[string]string{"GITHUB_TOKEN": "the-token"},
		Files:   map[string]string{"actions/release.sh": steps, ".ci/run": "#!/bin/sh\necho 'all that is checked'\n"},
		Matrix:  "runner:ubuntu-22.04", // the other systems are left to those
		Stub:    "mkdir -p dist",       // what was uploaded comes down
	}
}

// A version is checked, tested, built, listed and published in this order, each
// job with the version that a person gave, which no shell sees but as a variable.
func TestTheWorkflowOfReleases(t *testing.T) {
	log, err := Run(t, release("main"))
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	for _, built := range []string{"step: programs dist", "step: snapshot dist", "step: sbom dist"} {
		rest := log
		for _, want := range []string{"step: version v1.2.3", "all that is checked", built, "without a token", "step: publish v1.2.3 dist", "with a token"} {
			_, after, there := strings.Cut(rest, want)
			if !there {
				t.Fatalf("there is no %q in its turn:\n%s", want, log)
			}
			rest = after
		}
	}
}

// Nothing is a version that is not on the default branch.
func TestTheWorkflowOfReleasesRefusesAnotherBranch(t *testing.T) {
	log, err := Run(t, release("elsewhere"))
	if err == nil || !strings.Contains(log, "a version is made of the default branch") || strings.Contains(log, "step:") || strings.Contains(log, "all that") {
		t.Errorf("%v\n%s", err, log)
	}
}
