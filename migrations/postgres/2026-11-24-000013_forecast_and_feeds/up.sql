-- The addresses under which people's calendar programs fetch their deadlines. The secret in the address is
-- the login, so only a hash of it is kept, as of the token of a login.
CREATE TABLE calendar_feeds (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    token_hash TEXT NOT NULL CONSTRAINT calendar_feeds_token UNIQUE,
    created_at TIMESTAMP NOT NULL,
    fetched_at TIMESTAMP
);

-- What a feed last said of each deadline, so that one that moves is told as a change of the same event.
CREATE TABLE feed_events (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    uid TEXT NOT NULL,
    digest TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, uid)
);

-- The latest replies of an agency, and how many each handler gave: what forecasts rest on.
CREATE INDEX cases_closed_latest ON cases (agency_id, closed_on, handler_id, status, round)
    WHERE closed_on IS NOT NULL;
