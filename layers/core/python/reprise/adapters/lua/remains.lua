-- What is not durable of a profile. KEYS: live, pv. Answers the server's µs, the version of what was
-- stored last or '0', then the item ids.
return { us(server_us()), redis.call('GET', KEYS[2]) or '0', unpack(redis.call('SMEMBERS', KEYS[1])) }
