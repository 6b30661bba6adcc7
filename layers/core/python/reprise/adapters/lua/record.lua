-- Merges a viewer's reports in order, in one step. KEYS: session, rate, dirty, claimed, live, pv,
-- row, then one place per item. ARGV: one JSON document. Answers {'session'} | {'rate', ms} |
-- {'policy', text} | {'cold', item index...}, each with nothing stored, or {'ok', outcome...} with
-- outcome = {moved, rule, public fields}.
local a = cjson.decode(ARGV[1])
local session, answer = pass_gate(KEYS[1], KEYS[2], a.who)
if not session then return answer end
if session.policy ~= a.policy then return { 'policy', session.policy } end

local k = { dirty = KEYS[3], claimed = KEYS[4], live = KEYS[5], pv = KEYS[6], row = KEYS[7] }
local now = server_time(a.now)
local places, hydrated, cold = {}, {}, {}
for i, item in ipairs(a.items) do
  local p = load_hash(KEYS[7 + i])
  if not p then
    local durable = a.durable[i]
    if type(durable) == 'table' then
      p, hydrated[i] = durable, true
      p.out = '[]'
    elseif durable == 0 and not a.provisional then
      cold[#cold + 1] = i
    end
  end
  places[i] = p or false
end
if #cold > 0 then return { 'cold', unpack(cold) } end

local outcomes, touched = { 'ok' }, {}
for _, r in ipairs(a.reports) do
  r.et = tonumber(r.et)
  local item = a.items[r.item]
  local reported = r.pos
  local p, moved, rule, stored = apply_report(places[r.item] or nil, r, item, session.device, now)
  if stored then
    if a.provisional and rule == 'first' then p.prov = '1' end
    if p.prov == '1' and moved then
      r.pos, r.et = reported, us(r.et)
      p.lr = cjson.encode({ r = r, item = item, dev = session.device })
    end
    touched[r.item] = true
  end
  places[r.item] = p
  outcomes[#outcomes + 1] = { moved and 1 or 0, rule, public(p) }
end

for i, item in ipairs(a.items) do
  if touched[i] then
    store(KEYS[7 + i], places[i], item.id, a.who.profile .. ':' .. item.id, k, now)
    update_row(k, item.id, places[i], item)
  elseif hydrated[i] then
    local flat = {}
    for name, value in pairs(places[i]) do
      flat[#flat + 1] = name
      flat[#flat + 1] = value
    end
    redis.call('HSET', KEYS[7 + i], unpack(flat))
    redis.call('PEXPIRE', KEYS[7 + i], a.ttl)
  end
end
return outcomes
