-- Merges a viewer's reports in order, in one step. KEYS: session, rate, dirty, claimed, live, pv,
-- row, then one place per item, then what its playback says of each report that is not offline. ARGV:
-- one JSON document. Answers what the gate refuses with, or a
-- head and, for 'policy', its text, for 'cold', each such item's index, both with nothing stored, for
-- 'ok', how many damaged places were replaced and an outcome per report = {moved, rule, public
-- fields, device's id, type and name where its own position is to be offered}.
local a = cjson.decode(ARGV[1])
local session, answer = pass_gate(KEYS[1], KEYS[2], a.who)
if not session then return answer end
if session.policy ~= a.policy then return { head(session, 'policy'), session.policy } end

local k = { dirty = KEYS[3], claimed = KEYS[4], live = KEYS[5], pv = KEYS[6], row = KEYS[7] }
local now = server_time(a.now)
local places, stored_as, was_done, hydrated, damaged, cold, replaced = {}, {}, {}, {}, {}, {}, 0

-- Finds the place of an item: live, else the durable one; a damaged live one counts as missing.
local function find(i)
  local p, unfit, stored
  if damaged[i] then unfit = true else p, unfit, stored = load_hash(KEYS[7 + i]) end
  stored_as[i] = stored
  if unfit then replaced = replaced + 1 end
  if not p then
    local durable = a.durable[i]
    if type(durable) == 'table' then
      p, hydrated[i] = { out = '[]' }, true
      for name, value in pairs(durable) do p[name] = value end
    elseif durable == 0 and not a.provisional then
      cold[#cold + 1] = i
    end
  end
  places[i] = p or false
  was_done[i] = p ~= nil and p.done == '1'
end

local function judge(r)
  r.et = tonumber(r.et)
  local item, device = a.items[r.item], session.device
  local reported = r.pos
  local p, moved, rule, stored = apply_report(places[r.item] or nil, r, item, device, now)
  if stored then
    if a.provisional and rule == 'first' then p.prov = '1' end
    if p.prov == '1' and moved then
      r.pos, r.et = reported, us(r.et)
      p.lr = cjson.encode({ r = r, item = item, dev = device })
    end
  end
  places[r.item] = p
  if rule == 'superseded' then
    return stored, moved, { 0, rule, public(p), device.id, device.type, device.name }
  end
  return stored, moved, { moved and 1 or 0, rule, public(p) }
end

local outcomes, touched, moved_any
local function judge_all()
  outcomes, touched, moved_any, cold, replaced = {}, {}, {}, {}, 0
  for i in ipairs(a.items) do find(i) end
  if #cold > 0 then return end
  for n, r in ipairs(a.reports) do
    local sound, stored, moved, outcome = pcall(judge, r)
    if not sound then return r.item, stored end
    touched[r.item] = touched[r.item] or stored
    moved_any[r.item] = moved_any[r.item] or moved
    outcomes[n] = outcome
  end
end

-- Nothing is stored yet while reports are judged, so a place that turns out to be damaged inside is
-- left out and all are judged again.
repeat
  local unfit, problem = judge_all()
  if unfit and (damaged[unfit] or hydrated[unfit]) then error(problem) end
  if unfit then damaged[unfit] = true end
until not unfit
if #cold > 0 then return { head(session, 'cold'), unpack(cold) } end

for i, item in ipairs(a.items) do
  local member = a.who.profile .. ':' .. item.id
  if touched[i] or (hydrated[i] and is_marked(k, member)) then
    store(KEYS[7 + i], places[i], item.id, member, k, now, stored_as[i])
    if moved_any[i] then update_row(k, item.id, places[i], item, was_done[i]) end
  elseif hydrated[i] then
    save_hash(KEYS[7 + i], places[i])
    redis.call('PEXPIRE', KEYS[7 + i], a.ttl)
  end
end
local said = 7 + #a.items
for n, r in ipairs(a.reports) do
  if not r.off then
    said = said + 1
    if outcomes[n][2] ~= 'duplicate' then
      redis.call('SET', KEYS[said], r.state == 'stopped' and '0' or '1', 'PX', a.lease)
    end
  end
end
return { head(session, 'ok'), replaced, unpack(outcomes) }
