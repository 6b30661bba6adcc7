-- Puts a newer copy in the place of the one that was read. KEYS: copy.
-- ARGV: the text that was read ('' where there was none, '*' where it made no sense), its successor
-- ('' deletes), expiry (s).
-- What was published since it was read is newer than both, and stays.
local stands = redis.pcall('GET', KEYS[1])
local damaged = type(stands) == 'table' or ARGV[1] == '*'
if not damaged and (stands or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then return redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
