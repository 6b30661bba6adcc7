-- How a place lies in its hash: as strings. Microseconds never pass through tostring or cjson, which
-- print 14 digits.
local function us(n) return string.format('%.0f', n) end
local function seconds(n) return string.format('%.14g', n) end
local function flag(b) return b and '1' or '0' end
local function listed(text) return (text and text ~= '') and cjson.decode(text) or {} end
local function dumped(list) return #list == 0 and '[]' or cjson.encode(list) end

local function server_time(override)
  if override ~= '' then return tonumber(override) end
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000000 + tonumber(t[2])
end

-- Returns the fields, or nil where there is none, whether what is there can't be a place, and the
-- fields again as they are stored.
local INTEGERS = { 'rev', 'at', 'mat', 'wat', 'vs', 'et', 'done', 'hid' }
local SECONDS = { 'pos', 'dur' }
local TEXTS = { 'vid', 'own', 'st', 'did', 'dty', 'dna', 'pbs', 'bef', 'ch' }
local function all_match(fields, names, pattern)
  for _, name in ipairs(names) do
    if not fields[name] or not string.find(fields[name], pattern) then return false end
  end
  return true
end

local function is_framed(text)
  return text == nil or (string.sub(text, 1, 1) == '[' and string.sub(text, -1) == ']')
end

local function load_hash(key)
  local flat = redis.pcall('HGETALL', key)
  if flat.err then return nil, true end
  if #flat == 0 then return nil, false end
  local fields, stored = {}, {}
  for i = 1, #flat, 2 do
    local name, value = flat[i], flat[i + 1]
    fields[name], stored[name] = value, value
  end
  if not all_match(fields, INTEGERS, '^%d+$') or not all_match(fields, SECONDS, '^%d+%.?%d*$')
    or not all_match(fields, TEXTS, '') or not is_framed(fields.out) then return nil, true end
  return fields, false, stored
end

-- Writes what differs from what is stored; all of it where that is not known or was no place.
local function save_hash(key, p, stored)
  local changed, gone = {}, {}
  if not stored then
    redis.call('DEL', key)
    stored = {}
  end
  for name, value in pairs(p) do
    if stored[name] ~= value then
      changed[#changed + 1] = name
      changed[#changed + 1] = value
    end
  end
  for name in pairs(stored) do
    if p[name] == nil then gone[#gone + 1] = name end
  end
  if #changed > 0 then redis.call('HSET', key, unpack(changed)) end
  if #gone > 0 then redis.call('HDEL', key, unpack(gone)) end
end
