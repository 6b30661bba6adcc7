-- What a deletion has to go by. KEYS: live, pv, erasing. Answers the server's µs, the version of what
-- was stored last or '0', the ids of the items that are not durable, and what was noted before.
return { us(server_us()), redis.call('GET', KEYS[2]) or '0', redis.call('SMEMBERS', KEYS[1]),
  redis.call('SMEMBERS', KEYS[3]) }
