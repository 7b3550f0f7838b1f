// Package actions is the tour of Aftercare, from the ground up, in the order
// of the imports. The picture is held by arch_test.go.
//
// Aftercare watches a release after it has shipped. Each program is one
// sentence, read, think, tell, file: facts rise from sources, pure functions
// turn them into a plan, sinks carry the plan out.
//
// On the ground:
//
//   - internal/model: what was observed in a window; a Gap, where a source did
//     not answer.
//   - internal/diag: what is wrong in a file that a person wrote, and the
//     nearest right word.
//   - internal/redact: hides what is personal or secret before every way out.
//   - internal/github: the client of GitHub's API, which waits, tries again
//     where that is safe, and knows no noun of ours.
//   - internal/terminal: shows Markdown, tables, colours and progress to a
//     person at a terminal.
//   - internal/fake: a GitHub, a Slack, mail, a registry and the places
//     where people talk, on loopback, for the tests and the demo.
//
// Above it, facts and intentions:
//
//   - internal/change: what we intend to change outside, as data.
//   - internal/issuetext: an issue's Markdown, down to the words that a person wrote.
//   - internal/collect: the way in, a file for each system that is read.
//   - internal/store: facts as SQL tables, in DuckDB; internal/store/postgres:
//     those of telemetry, in a PostgreSQL that others fill.
//   - internal/runner: one run on a runner or in a terminal: inputs, event,
//     clock, log, annotations, masks, summary, outputs, exit code. Its file
//     commands.go is the only user of go-githubactions.
//
// Then the rooms that think, which touch nothing:
//
//   - internal/wordlist: lists of words by name, in nine languages, and where
//     their terms stand in a text.
//   - internal/urgent: whether a text must page people, by points for words and
//     families of words; internal/urgent/corpus reads the texts that the points
//     are learned from and measured on.
//   - internal/label: words and rules become labels, each with its reason.
//   - internal/sentiment: how a text feels, by a lexicon that can be read.
//   - internal/duplicates: issues that say nearly the same, and the words that
//     they share.
//   - internal/learn: rules proposed from a labelled record, keywords for one
//     label and points for one of several, each with what it is worth.
//   - internal/metric, internal/verdict, internal/gate: readings, what they are
//     against their targets, and go or no-go.
//   - internal/alert: what is news, for which channel, given what was told.
//   - internal/backtest: what rules would have done to issues that are past.
//
// And those that act on it:
//
//   - internal/report: the words and pictures that people read.
//   - internal/notify: the way out, a file for each system that is written to,
//     in an order in which a crash loses nothing.
//   - internal/history: the folder of reports: one commit for a run, on the head
//     that was read.
//   - internal/config: rules.yaml, read once and strictly into the types above.
//
// On top stand the programs, each with its action.yml: triage, snapshot, digest,
// gate and check; and init, which writes the workflows into a repository. What
// triage, snapshot, digest and gate do stands in their package program, so that
// demo can play weeks through them on a simulated GitHub. Beside the house stand
// internal/workflowlint, which holds workflow files to the rules that keep strangers'
// text from becoming code, internal/acttest, which runs the shipped workflows in
// tests, and internal/race, which tells tests how much to repeat.
package actions
