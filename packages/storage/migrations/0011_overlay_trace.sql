-- What led to the newest state of a false-alarm memory, for whoever follows it.

-- W3C traceparent of the amendment; NULL = it was not traced.
ALTER TABLE overlay_head ADD COLUMN traceparent text;
