-- Acts of the account: hide a title, mark items watched or not. KEYS: session, rate, dirty,
-- claimed, live, pv, row, then one place per item. Answers what the gate refuses with, or a head, how
-- many damaged places were replaced, and an outcome per item = {changed, rule, public fields}, an
-- empty list of fields where there is no place. The row is dropped rather than patched: acts are rare.
local a = cjson.decode(ARGV[1])
local session, answer = pass_gate(KEYS[1], KEYS[2], a.who)
if not session then return answer end

local k = { dirty = KEYS[3], claimed = KEYS[4], live = KEYS[5], pv = KEYS[6], row = KEYS[7] }
local now = server_time(a.now)

local function blank(item)
  return { vid = item.vid, rev = '0', at = us(now - 1), mat = us(now), wat = us(now), own = '',
    pos = '0', dur = seconds(item.dur), st = 'stopped', done = '0', hid = '0',
    vs = us(math.floor(now / 1000) * 1000), did = session.device.id, dty = session.device.type,
    dna = session.device.name, et = us(now), pbs = '[]', bef = '', ch = '[]', out = '[]' }
end

local function hide(p)
  if not p or p.hid == '1' then return p, false end
  p.hid = '1'
  return act_of_account(p, session.device, now, 'hidden'), true
end

local function watched(p, item)
  if p and p.done == '1' then return p, false end
  local q = p or blank(item)
  local told = p and completion_is_told(p)
  q.bef = p and snapshot(p) or ''
  q.own, q.pos, q.dur, q.st, q.done = '', seconds(item.dur), seconds(item.dur), 'stopped', '1'
  if not told then push_out(q, { 'c', q.vs }) end
  return act_of_account(q, session.device, now, 'watched'), true
end

local function unwatched(p)
  if not p or p.done ~= '1' then return p, false end
  if p.bef == '' then
    p.own, p.pos, p.st = '', '0', 'stopped'
    p.bef = snapshot(p)
  else
    local b = cjson.decode(p.bef)
    p.own, p.pos, p.st, p.hid = b.own, seconds(b.pos), b.st, us(b.hid)
    p.did, p.dty, p.dna, p.et = b.did, b.dty, b.dna, b.et
  end
  p.done = '0'
  return act_of_account(p, session.device, now, 'unwatched'), true
end

local act = ({ hide = hide, watched = watched, unwatched = unwatched })[a.act]
local function act_on(i, item, p)
  local durable = a.durable[i]
  if type(durable) ~= 'table' then durable = nil end
  if p and p.prov == '1' then
    p = settle(p, durable, now)
  elseif not p and durable then
    p = durable
    p.out = '[]'
  end
  return act(p, item)
end

local outcomes, replaced, any = {}, 0, false
for i, item in ipairs(a.items) do
  local key = KEYS[7 + i]
  local p, unfit = load_hash(key)
  local sound, acted, changed = pcall(act_on, i, item, p)
  if p and not sound then
    unfit = true
    acted, changed = act_on(i, item, nil)
  elseif not sound then
    error(acted)
  end
  if unfit then replaced = replaced + 1 end
  if changed then
    store(key, acted, item.id, a.who.profile .. ':' .. item.id, k, now)
    any = true
  end
  outcomes[i] = { changed and 1 or 0, a.rule, acted and public(acted) or {} }
end
if any then redis.call('DEL', k.row) end
return { head(session, 'ok'), replaced, unpack(outcomes) }
