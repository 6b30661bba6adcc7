-- Stores a merged place: version, dirty mark, ready row. Follows merge.lua.

-- What readers get of a place, in this order; live_places_redis.py knows the same.
local PUBLIC = { 'vid', 'rev', 'at', 'mat', 'wat', 'own', 'pos', 'dur', 'st', 'done', 'hid', 'vs',
  'did', 'dty', 'dna', 'et' }
local function public(p)
  local values = {}
  for i, name in ipairs(PUBLIC) do values[i] = p[name] end
  return values
end

-- The version of a state grows with everything that is stored, also across an eviction: it names the
-- event of its outbox.
local function next_version(p, now)
  return us(math.max(now, tonumber(p.v or '0') + 1, written(p)))
end

local function is_marked(k, member)
  return redis.call('ZSCORE', k.dirty, member) or redis.call('ZSCORE', k.claimed, member)
end

-- Stores a changed place and marks it dirty. k = { dirty, claimed, live, pv, row };
-- member = '<profile>:<item>'; stored as of load_hash.
local function store(key, p, item_id, member, k, now, stored)
  p.v = next_version(p, now)
  if not is_marked(k, member) then
    redis.call('ZADD', k.dirty, us(now), member)
    redis.call('SADD', k.live, item_id)
    p.since = nil
  end
  -- It was clean, and expires; or its state was evicted or damaged under its mark.
  if not p.since then
    p.since = us(now)
    redis.call('PERSIST', key)
  end
  save_hash(key, p, stored)
  redis.call('SET', k.pv, p.v, 'PX', 86400000)
end

-- Brings the ready row up to date with a place that moved. Where that alone can't decide what the
-- row shows of the title (something completed or was begun anew, or is near its start), the row is
-- due to be rebuilt: kept, because it is what can be served while the durable store is away.
local ROW_LIMIT = 600
local function update_row(k, item_id, p, item, was_done)
  if redis.call('EXISTS', k.row) == 0 then return end
  redis.call('HSET', k.row, item_id, cjson.encode(public(p)))
  if was_done or p.done == '1' or tonumber(p.pos) < item.shown then
    redis.call('HSET', k.row, '_fresh', '0')
  end
  if redis.call('HLEN', k.row) > ROW_LIMIT then redis.call('DEL', k.row) end
end
