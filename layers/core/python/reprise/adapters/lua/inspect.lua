-- Looks at a live state that was set aside. KEYS: place, quarantined. ARGV: member.
-- Answers {1 where it is quarantined still, the hash}: empty where it is gone, its type alone where
-- it is no hash.
local quarantined = redis.call('ZSCORE', KEYS[2], ARGV[1]) and 1 or 0
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'none' then return { quarantined, {} } end
if kind ~= 'hash' then return { quarantined, { 'type', kind } } end
return { quarantined, redis.call('HGETALL', KEYS[1]) }
