-- Passes the gate of a playback. KEYS: session, rate, then the place to start from or the playback to
-- go on with. ARGV: one JSON document; `keep` (ms) is there for a playback. Answers a head, policy,
-- device's id, type and name, the session's last playback, then {position, completed} or {what is
-- played}, each false where there is none.
local a = cjson.decode(ARGV[1])
local session, answer = pass_gate(KEYS[1], KEYS[2], a.who)
if not session then return answer end
local d, found = session.device
if a.keep then
  found = { redis.pcall('GET', KEYS[3]) }
  redis.call('PEXPIRE', KEYS[3], a.keep)
else
  found = redis.pcall('HMGET', KEYS[3], 'pos', 'done')
end
if found.err or type(found[1]) ~= 'string' then found = { false, false } end
local current = redis.call('HGET', KEYS[1], 'playback')
return { head(session, 'ok'), session.policy, d.id, d.type, d.name, current, unpack(found) }
