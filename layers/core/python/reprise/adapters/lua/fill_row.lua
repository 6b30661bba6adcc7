-- Stores a rebuilt row unless the profile's live state moved since it was read, or is being deleted.
-- KEYS: row, pv, erased. ARGV: version read ('0' for none), TTL in ms, then field, value...
local version = redis.call('GET', KEYS[2]) or '0'
if version ~= ARGV[1] or redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
redis.call('DEL', KEYS[1])
local flat = {}
for i = 3, #ARGV do flat[#flat + 1] = ARGV[i] end
redis.call('HSET', KEYS[1], unpack(flat))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
