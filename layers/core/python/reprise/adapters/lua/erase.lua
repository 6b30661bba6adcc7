-- Deletes what is left of a profile. KEYS: dirty, claimed, quarantined, live, pv, row, fill, then one
-- place per item. ARGV: the profile, then the items. Answers how many places, marks and rows went.
-- One call for a part of the items each; the profile's own keys go with the first.
local places, marks = 0, 0
for i = 2, #ARGV do
  places = places + redis.call('DEL', KEYS[6 + i])
  local member = ARGV[1] .. ':' .. ARGV[i]
  for kind = 1, 3 do marks = marks + redis.call('ZREM', KEYS[kind], member) end
end
local rows = redis.call('DEL', KEYS[6])
redis.call('DEL', KEYS[4], KEYS[5], KEYS[7])
return { places, marks, rows }
