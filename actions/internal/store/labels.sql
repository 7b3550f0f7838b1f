-- When each issue and pull request had which label, in small letters: from what
-- happened to its labels, and where nothing did, from the labels of today. A
-- change of issues or of their events brings it up to date (labels.go).
CREATE TABLE label_spans (
    number  BIGINT NOT NULL,
    label   TEXT NOT NULL,
    since   TIMESTAMPTZ NOT NULL,
    until   TIMESTAMPTZ NOT NULL
);

-- labelled(names, t) is the numbers of the issues and pull requests that had one
-- of the labels at the time t, names in small letters.
CREATE MACRO labelled(names, t) AS TABLE
SELECT DISTINCT s.number FROM label_spans s
WHERE list_contains(names, s.label) AND s.since <= t AND t < s.until;
