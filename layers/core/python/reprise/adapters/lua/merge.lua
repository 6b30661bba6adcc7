-- Who may move a viewer's place, where it has to be atomic. The same rule as domain/merge.py, line
-- for line; tests/properties hold the two against each other. A place is a table of its hash's
-- strings (place_hash.lua). Follows outbox.lua.

local CHANGES, PLAYBACKS = 20, 8
local TAKE_OVER_S, NEAR_START_PLAYED_S = 10, 60
local OFFLINE_LIMIT_US = 30 * 86400 * 1000000
local MOVING = { first = true, owner = true, took_over = true }

-- What durable writes are ordered by: refused reports are written down too.
local function written(p) return math.max(tonumber(p.at), tonumber(p.nat or '0')) end

local function memory_of(playbacks, playback)
  for _, m in ipairs(playbacks) do
    if m[1] == playback then return m end
  end
  return nil
end

local function remember(playbacks, r, spent, owner)
  local kept = {}
  for _, m in ipairs(playbacks) do
    if m[1] ~= r.pb then kept[#kept + 1] = m end
  end
  if #kept >= PLAYBACKS then table.remove(kept, kept[1][1] == owner and 2 or 1) end
  kept[#kept + 1] = { r.pb, r.seq, spent }
  return dumped(kept)
end

local function with_change(text, at_ms, pos, dev, moved, rule, playback)
  local ch = listed(text)
  local last = ch[#ch]
  if last and last[8] == playback and last[7] == rule then table.remove(ch) end
  ch[#ch + 1] = { at_ms, pos, dev.id, dev.type, dev.name, moved and 1 or 0, rule, playback }
  while #ch > CHANGES do table.remove(ch, 1) end
  return dumped(ch)
end

local function snapshot(p)
  return cjson.encode({ own = p.own, pos = tonumber(p.pos), st = p.st, hid = tonumber(p.hid),
    did = p.did, dty = p.dty, dna = p.dna, et = p.et })
end

local function close_viewing(to, p)
  push_out(to, { 'v', { started = p.vs, watched = p.wat, pos = tonumber(p.pos), dur = tonumber(p.dur),
    done = tonumber(p.done), did = p.did, dty = p.dty, dna = p.dna, rev = tonumber(p.rev),
    at = us(written(p)), ch = listed(p.ch) } })
end

local function take_over_rule(p, r, item, spent)
  if r.act <= spent then return 'act_spent' end
  if r.played < TAKE_OVER_S then return 'too_brief' end
  local meant = r.kind == 'restart' or r.played >= NEAR_START_PLAYED_S
  if r.pos < item.shown and not meant then return 'near_start' end
  if r.off and tonumber(p.mat) > r.et then return 'superseded' end
  return 'took_over'
end

local function opens_viewing(p, r, item, rule, spent)
  if p.done ~= '1' or r.pos >= item.completes then return false end
  return rule == 'took_over' or (r.act > spent and (r.kind == 'start' or r.kind == 'restart'))
end

local function stays_hidden(p, r, rule, spent)
  if not p or p.hid ~= '1' then return false end
  local fresh = rule == 'took_over' or r.act > spent
  return (r.off and r.et < tonumber(p.mat)) or not fresh
end

local function before_of(standing, completed)
  if not standing then return '' end
  if completed and standing.done ~= '1' then return snapshot(standing) end
  return standing.bef
end

-- Whether the viewing has completed before, even where that was taken back by hand.
local function completion_is_told(p)
  return p.done == '1' or p.bef ~= ''
end

-- The buffer's own fields go from the old table to the new one; the place's are all replaced.
local BUFFER = { v = true, since = true, att = true, prov = true, lr = true, out = true, ni = true,
  batch = true, bout = true }
local function carry_buffer(p)
  local q = {}
  for k, v in pairs(p or {}) do
    if BUFFER[k] or string.sub(k, 1, 2) == 'd:' then q[k] = v end
  end
  q.out = q.out or '[]'
  return q
end

local function moved_place(p, r, item, dev, now, rule, spent, playbacks)
  local changed = p and math.max(now, written(p) + 1) or now
  local at = r.off and r.et or changed
  local mat = p and math.max(at, tonumber(p.mat)) or at
  local standing = p
  if p and opens_viewing(p, r, item, rule, spent) then standing = nil end
  local told = standing ~= nil and completion_is_told(standing)
  local done = (standing ~= nil and standing.done == '1') or r.pos >= item.completes
  local vs
  if standing then
    vs = standing.vs
  else
    local started = math.floor(mat / 1000) * 1000
    vs = us(p and math.max(started, tonumber(p.vs) + 1000) or started)
  end
  local q = carry_buffer(p)
  q.vid, q.own, q.st = item.vid, r.pb, r.state
  q.rev = us(p and tonumber(p.rev) + 1 or 1)
  q.at, q.mat, q.wat = us(changed), us(mat), us(mat)
  q.pos, q.dur = seconds(r.pos), seconds(item.dur)
  q.done, q.hid = flag(done), flag(stays_hidden(p, r, rule, spent))
  q.vs, q.et = vs, us(r.et)
  q.did, q.dty, q.dna = dev.id, dev.type, dev.name
  q.pbs = remember(playbacks, r, math.max(spent, r.act), r.pb)
  q.bef = before_of(standing, done)
  q.ch = with_change(standing and standing.ch, math.floor(now / 1000), r.pos, dev, true, rule, r.pb)
  if p and not standing then close_viewing(q, p) end
  if done and not told then push_out(q, { 'c', vs }) end
  return q
end

-- Returns the place that stands, whether it moved, the rule, and whether anything is to be stored.
-- r.pos and r.et come in as reported and are clamped here, by the catalog and the server's clock.
local function apply_report(p, r, item, dev, now)
  local playbacks = listed(p and p.pbs)
  local memory = memory_of(playbacks, r.pb)
  if memory and r.seq <= memory[2] then return p, false, 'duplicate', false end
  local spent = memory and memory[3] or 0
  r.pos = math.min(math.max(r.pos, 0), item.dur)
  r.et = math.min(math.max(r.et, now - OFFLINE_LIMIT_US), now)
  local rule
  if not p then rule = 'first'
  elseif p.own == r.pb then rule = 'owner'
  else rule = take_over_rule(p, r, item, spent) end
  local moved = MOVING[rule] == true
  if moved then
    p = moved_place(p, r, item, dev, now, rule, spent, playbacks)
  else
    p.pbs = remember(playbacks, r, spent, p.own)
    p.ch = with_change(p.ch, math.floor(now / 1000), r.pos, dev, false, rule, r.pb)
    p.nat = us(math.max(now, written(p) + 1))
  end
  for _, interval in ipairs(r.iv or {}) do
    local first, last = math.min(interval[1], item.dur), math.min(interval[2], item.dur)
    if first < last then push_interval(p, first, last, r.pb, item.dur) end
  end
  p['d:' .. dev.id] = cjson.encode({ r.pos, r.state, dev.type, dev.name, us(written(p)) })
  return p, moved, rule, true
end

local function act_of_account(p, dev, now, rule)
  local changed = math.max(now, written(p) + 1)
  p.rev = us(tonumber(p.rev) + 1)
  p.at, p.nat = us(changed), nil
  p.mat = us(math.max(changed, tonumber(p.mat)))
  p.ch = with_change(p.ch, math.floor(now / 1000), tonumber(p.pos), dev, true, rule, '')
  return p
end

local function without_completion(text, viewing)
  local kept = {}
  for _, entry in ipairs(listed(text)) do
    if entry[1] ~= 'c' or entry[2] ~= viewing then kept[#kept + 1] = entry end
  end
  return dumped(kept)
end

-- Judges a place born while the durable store was away: its last report is applied to the durable
-- place, and rev and changedAt go past both. The viewing it was thought to be never was, so neither
-- was its completion: nothing of a provisional place has been published, not even a frozen outbox.
local function settle(p, durable, now)
  p.prov = nil
  local last = p.lr and cjson.decode(p.lr)
  p.lr = nil
  if not durable or not last then return p end
  local known, united = {}, listed(durable.pbs)
  for _, m in ipairs(united) do known[m[1]] = m end
  for _, m in ipairs(listed(p.pbs)) do
    local k = known[m[1]]
    if k and m[1] ~= last.r.pb then
      k[2], k[3] = math.max(k[2], m[2]), math.max(k[3], m[3])
    elseif not k and m[1] ~= last.r.pb then
      united[#united + 1] = m
    end
  end
  while #united > PLAYBACKS do table.remove(united, 1) end
  local q = carry_buffer(p)
  local out = without_completion(q.out, p.vs)
  if q.bout then q.bout = without_completion(q.bout, p.vs) end
  for k, v in pairs(durable) do q[k] = v end
  q.pbs, q.out = dumped(united), '[]'
  last.r.et, last.r.iv = tonumber(last.r.et), {}
  q = apply_report(q, last.r, last.item, last.dev, now)
  local judged = listed(q.out)
  q.out = out
  for _, entry in ipairs(judged) do push_out(q, entry) end
  q.rev = us(math.max(tonumber(durable.rev), tonumber(p.rev)) + 1)
  q.at, q.nat = us(math.max(now, written(durable) + 1, written(p) + 1)), nil
  return q
end
