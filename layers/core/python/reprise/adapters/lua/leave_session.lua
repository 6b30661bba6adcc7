-- Ends a session as one profile. KEYS: session. ARGV: profile.
if redis.call('HGET', KEYS[1], 'profile') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
