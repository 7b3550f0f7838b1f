// Package actions is the tour of the code, from the packages that import
// nothing to the programs. arch_test.go holds the order of imports.
//
// Aftercare watches a release after it has shipped. Every program reads, decides
// completely, then acts: sources fill tables of facts, pure functions turn facts
// into changes as data, and a few packages apply the changes. A dry run prints
// them.
//
// # Where things happen
//
//   - An issue event becomes labels and notifications in twelve stops:
//     triage/main.go, triage.Run and its observe in internal/app/triage, then
//     app.Labeler.Label, which asks issuetext.Read, label.Rules.Read and
//     label.Decide; app.Labeler.Due, which asks alert.ForIssue; then carryOut,
//     notify.Outbox.Tell for people, and publish.GitHub.Relabel for the labels,
//     which Tell calls once the message is claimed.
//   - Every program connects in internal/app (Connect): clients of both
//     repositories, the account that is ours, the reports, the channels.
//   - A measurement becomes pages in internal/app/snapshot: Run collects, measures
//     (internal/metric), judges (internal/verdict), notifies, and commits what
//     internal/report renders.
//   - A metric is one file in internal/metric/catalogue: the header has its title,
//     unit, section, window, target and where it appears; the rest is its query. What
//     it asks for is a table of internal/store/schema.sql.
//   - The layout of a page is a template in internal/report/templates; the values
//     that it shows are made in the Go file of the same name, and what several pages
//     say in action.go, next.go and incident.go.
//   - A registry is a file in internal/collect/registry, another system that is read
//     one in internal/collect.
//   - What snapshot keeps for its next run is in the file of package store: tables,
//     notes, and the files of reports as the last commit has them.
//
// # Foundations
//
//   - internal/model: issues, comments, windows, releases; a Gap where a source
//     did not answer.
//   - internal/diag: mistakes in files that people write, with place and suggestion.
//   - internal/redact: removes personal data and secrets from every text.
//   - internal/humanize: numbers, changes, durations and lists as people read them.
//   - internal/github: the API client: waits, retries where that is safe.
//   - internal/redirect, internal/answer: credentials stay on their host; an answer
//     that lacks what was asked for is an error.
//   - internal/letter: a mail's own words, and whether a person wrote it.
//   - internal/lazyregexp: regular expressions that are compiled when they are needed.
//   - internal/budget: gives up work that exceeds its time.
//   - internal/terminal: Markdown, tables and progress in a terminal.
//   - internal/fake: a GitHub, a Slack, mail servers, a registry and social sites
//     on loopback, for tests and the demo; internal/fake/contract holds them to the
//     published API descriptions.
//
// # Facts and changes
//
//   - internal/change: changes to apply, as data.
//   - internal/issuetext: the words that the author of an issue wrote.
//   - internal/keyphrase: noun phrases, for themes; linked by snapshot only.
//   - internal/collect: reads issues, telemetry, registries, surveys, mentions, mail.
//   - internal/store: facts as SQL tables in DuckDB; store/postgres: telemetry in
//     PostgreSQL; store/sandbox: users' own queries in a process of their own.
//   - internal/runner: one run: inputs, event, clock, log, annotations, summary,
//     outputs, exit code.
//
// # Decisions, without side effects
//
//   - internal/wordlist, internal/urgent: word lists in nine languages; whether a
//     text is urgent, by weights; urgent/corpus learns and measures them.
//   - internal/labelname: what a label says, however it is written.
//   - internal/label: rules become labels, each with its reason.
//   - internal/sentiment, internal/duplicates, internal/learn: sentiment of a text,
//     possible duplicates, rules proposed from labelled issues.
//   - internal/metric, internal/verdict, internal/gate: readings, their levels, and
//     the release gate.
//   - internal/alert: what is news, and for which channel.
//   - internal/audit: whether the figures on pages are those of the readings.
//   - internal/backtest: a rule change tried on past issues.
//
// # Acting
//
//   - internal/report: pages and messages.
//   - internal/service: a message in the form of Discord, Teams, Telegram,
//     Mattermost, a pager or a webhook; it sends nothing.
//   - internal/publish: labels, comments, issues, statuses and discussions on GitHub.
//   - internal/notify: Slack, mail and other services, in an order in which a crash
//     loses nothing.
//   - internal/history: the folder reports/: one commit a run; the only reader and
//     writer of readings and of the alert state.
//   - internal/config: rules.yaml, parsed strictly.
//   - internal/app: what the programs share: the connection of a run, and the labels
//     of an issue; internal/app/triage, snapshot, digest, gate and check are the
//     programs.
//
// The programs (triage, snapshot, digest, gate, check, init, demo) have a main.go
// and an action.yml each. internal/workflowlint checks workflow files,
// internal/acttest runs the shipped ones, internal/apptest runs whole programs in a
// simulated world, also as scripts (internal/app/triage/testdata).
package actions
