-- Reads the ready row behind the gate. KEYS: session, rate, row. ARGV: one JSON document.
-- Answers {'ok', policy, row as a flat list} where the list is empty on a miss.
local a = cjson.decode(ARGV[1])
local session, answer = pass_gate(KEYS[1], KEYS[2], a.who)
if not session then return answer end
return { 'ok', session.policy, redis.call('HGETALL', KEYS[3]) }
