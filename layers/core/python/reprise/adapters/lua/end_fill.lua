-- Gives up the right to fill a row, where it is still the caller's: one that took longer than the lock
-- lasts must not end another's. KEYS: fill lock. ARGV: token.
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
