DROP INDEX cases_closed_latest;
DROP TABLE feed_events;
DROP TABLE calendar_feeds;
