-- Settles a provisional place against the durable one. KEYS: place, dirty, claimed, live, pv, row.
-- ARGV: the version the flusher claimed, the durable place's fields as JSON or ''. Answers the
-- hash, or nothing where the place moved or went meanwhile. The row is dropped: it may have shown
-- the place that did not stand.
local p = load_hash(KEYS[1])
if not p or p.v ~= ARGV[1] then return {} end
local now = server_time('')
local durable = ARGV[2] ~= '' and cjson.decode(ARGV[2]) or nil
local q = settle(p, durable, now)
q.v = p.v
q.v = next_version(q, now)
save_hash(KEYS[1], q)
redis.call('SET', KEYS[5], q.v, 'PX', 86400000)
redis.call('DEL', KEYS[6])
return redis.call('HGETALL', KEYS[1])
