-- The tables of facts, the columns in the order of fact.Row's values. The
-- telemetry tables are those that a PostgreSQL behind TELEMETRY_DSN has. The
-- word "at" means something to DuckDB: as the name of a column it wants quotes.

CREATE TABLE issues (
    number             BIGINT PRIMARY KEY,
    title              TEXT NOT NULL,
    author             TEXT,
    is_bot             BOOLEAN NOT NULL,
    association        TEXT,
    is_pull_request    BOOLEAN NOT NULL,
    state              TEXT NOT NULL,
    created_at         TIMESTAMPTZ NOT NULL,
    closed_at          TIMESTAMPTZ,
    updated_at         TIMESTAMPTZ,
    first_response_at  TIMESTAMPTZ,
    first_by_team_at   TIMESTAMPTZ,
    merged_at          TIMESTAMPTZ,
    comments           BIGINT NOT NULL,
    reactions          BIGINT NOT NULL,
    upvotes            BIGINT NOT NULL, -- of the reactions those that wish it
    labels             TEXT[] NOT NULL,
    sentiment          DOUBLE PRECISION,
    request            TEXT,
    same_as            BIGINT, -- of an open one the oldest open one that says the same
    closed_as          BIGINT, -- of one that was closed while an open one said the same: that one
    urgent             BOOLEAN NOT NULL, -- its words were, when it was read
    versions           TEXT[] NOT NULL -- that it names, the likeliest first; any project's
);

CREATE TABLE issue_labels (
    number  BIGINT NOT NULL,
    label   TEXT NOT NULL,
    "at"    TIMESTAMPTZ NOT NULL,
    actor   TEXT,
    added   BOOLEAN NOT NULL
);

-- What bug reports are about: the noun phrases of one text of an issue, found
-- once, the head last ("software installation").
CREATE TABLE issue_phrases (
    number   BIGINT PRIMARY KEY,
    said     TEXT NOT NULL,
    phrases  TEXT[] NOT NULL
);

CREATE TABLE issue_comments (
    id           BIGINT PRIMARY KEY,
    number       BIGINT NOT NULL,
    author       TEXT,
    is_bot       BOOLEAN NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    sentiment    DOUBLE PRECISION,
    association  TEXT
);

CREATE TABLE repository (
    "at"      TIMESTAMPTZ PRIMARY KEY,
    stars     BIGINT NOT NULL,
    forks     BIGINT NOT NULL,
    watchers  BIGINT NOT NULL
);

CREATE TABLE forks ("at" TIMESTAMPTZ NOT NULL);

CREATE TABLE discussions (
    number       BIGINT PRIMARY KEY,
    category     TEXT NOT NULL,
    author       TEXT,
    created_at   TIMESTAMPTZ NOT NULL,
    comments     BIGINT NOT NULL,
    answered_at  TIMESTAMPTZ,
    answerable   BOOLEAN NOT NULL, -- its category is one for questions
    labels       TEXT[] NOT NULL
);

CREATE TABLE discussion_posts (
    number      BIGINT NOT NULL,
    author      TEXT,
    created_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE security_alerts (
    number      TEXT PRIMARY KEY,
    severity    TEXT NOT NULL,
    state       TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    fixed_at    TIMESTAMPTZ
);

-- Completed runs of workflows that pushes to the release branch started.
CREATE TABLE ci_runs (
    id          BIGINT PRIMARY KEY,
    workflow    TEXT NOT NULL,
    conclusion  TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE downloads (
    registry   TEXT NOT NULL, -- its name in rules.yaml: crates, npm
    package    TEXT NOT NULL,
    version    TEXT NOT NULL, -- '' where the registry adds versions up
    system     TEXT NOT NULL, -- '' where the registry does not tell it
    day        TIMESTAMPTZ NOT NULL,
    downloads  BIGINT NOT NULL,
    PRIMARY KEY (registry, package, version, system, day)
);

-- Running totals as each run read them, and downloads of a span of days of which
-- the registry tells the sum alone.
CREATE TABLE download_counts (
    registry   TEXT NOT NULL,
    package    TEXT NOT NULL,
    version    TEXT NOT NULL, -- '' is the whole package
    since      TIMESTAMPTZ,   -- NULL: a running total, since the first download
    until      TIMESTAMPTZ NOT NULL,
    downloads  BIGINT NOT NULL,
    PRIMARY KEY (registry, package, version, until)
);

CREATE TABLE versions (
    registry    TEXT NOT NULL,
    package     TEXT NOT NULL,
    version     TEXT NOT NULL,
    yanked      BOOLEAN NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    downloads   BIGINT, -- in all; NULL where the registry does not tell it
    PRIMARY KEY (registry, package, version)
);

CREATE TABLE session_start_events (
    created_at       TIMESTAMPTZ NOT NULL,
    user_session_id  TEXT NOT NULL,
    metadata         JSON
);

CREATE TABLE command_generation_events (
    created_at          TIMESTAMPTZ NOT NULL,
    user_session_id     TEXT NOT NULL,
    success             BOOLEAN NOT NULL,
    generation_time_ms  DOUBLE PRECISION,
    backend_used        TEXT,
    metadata            JSON
);

CREATE TABLE safety_validation_events (
    created_at       TIMESTAMPTZ NOT NULL,
    user_session_id  TEXT NOT NULL,
    blocked          BOOLEAN NOT NULL,
    pattern_matched  TEXT,
    metadata         JSON
);

CREATE TABLE backend_error_events (
    created_at       TIMESTAMPTZ NOT NULL,
    user_session_id  TEXT NOT NULL,
    error_type       TEXT,
    recoverable      BOOLEAN NOT NULL,
    metadata         JSON
);

CREATE TABLE telemetry_consent_events (
    created_at       TIMESTAMPTZ NOT NULL,
    user_session_id  TEXT NOT NULL,
    opted_out        BOOLEAN NOT NULL
);

CREATE TABLE telemetry_findings (
    "at"   TIMESTAMPTZ NOT NULL,
    until  TIMESTAMPTZ NOT NULL,
    file   TEXT NOT NULL,
    kind   TEXT NOT NULL,
    count  BIGINT NOT NULL
);

CREATE TABLE survey_responses (
    "at"              TIMESTAMPTZ NOT NULL,
    satisfaction      DOUBLE PRECISION,
    recommend         DOUBLE PRECISION,
    success_estimate  DOUBLE PRECISION,
    privacy_concern   TEXT,
    requests          TEXT,
    sentiment         DOUBLE PRECISION,
    phrases           TEXT[] NOT NULL -- noun phrases of its free text
);

-- What survey answers ask for: a row for each thing that an answer does, where an
-- open issue asks for the same, or at least two answers do.
CREATE TABLE survey_requests (
    "at"    TIMESTAMPTZ NOT NULL, -- of the answer
    number  BIGINT,               -- the issue; NULL where there is none
    said    TEXT                  -- the words, where there is no issue
);

CREATE TABLE mentions (
    source     TEXT NOT NULL,
    id         TEXT NOT NULL,
    "at"       TIMESTAMPTZ NOT NULL,
    author     TEXT,
    url        TEXT,
    score      BIGINT NOT NULL,
    sentiment  DOUBLE PRECISION,
    PRIMARY KEY (source, id)
);

CREATE TABLE mail (
    "at"    TIMESTAMPTZ NOT NULL,
    kind    TEXT NOT NULL,
    labels  TEXT[] NOT NULL,
    id      TEXT PRIMARY KEY
);
