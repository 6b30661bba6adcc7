-- Reads the ready row behind the gate. KEYS: session, rate, row. ARGV: one JSON document.
-- Answers {head, policy, row as a flat list} where the list is empty on a miss.
local a = cjson.decode(ARGV[1])
local session, answer = pass_gate(KEYS[1], KEYS[2], a.who)
if not session then return answer end
return { head(session, 'ok'), session.policy, redis.call('HGETALL', KEYS[3]) }
