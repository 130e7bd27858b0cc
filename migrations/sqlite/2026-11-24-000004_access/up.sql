-- What the second factor of an account needs besides its secret: the secret that is offered until the
-- first code proves that it arrived, and the step of the last code, for a code is good only once.
CREATE TABLE second_factors (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    offered_secret TEXT,
    last_step BIGINT NOT NULL
);
