-- What waits to be told of a place. It only grows at its end, as text, so that a report never costs
-- what all before it cost. The same rule for intervals as domain/outbox.py; tests/properties hold the
-- two against each other.
local MOST_INTERVALS, KEPT_INTERVALS, OTHER_PLAYBACK = 256, 128, 1e9
local LAST_INTERVAL, LONGEST_INTERVAL = '%["i",[^%[]*%]%]$', 200

local function push_out(p, entry)
  local text = p.out and string.sub(p.out, 1, -2) or '['
  p.out = text .. (text == '[' and '' or ',') .. cjson.encode(entry) .. ']'
end

local function milliseconds(n) return math.floor(n * 1000 + 0.5) / 1000 end

-- An entry is {'i', start, end, playback, joins, lost seconds}, the last two where there are any.
local function join(a, b, distance, duration)
  local length = (a[3] - a[2]) + (b[3] - b[2])
  local last = math.min(a[2] + length, duration)
  local joins = (a[5] or 0) + (b[5] or 0) + (distance > 0 and 1 or 0)
  local lost = (a[6] or 0) + (b[6] or 0) + math.max(0, length - duration)
  return { 'i', milliseconds(math.max(0, last - length)), milliseconds(last), a[4], joins,
    milliseconds(lost) }
end

local function in_order(intervals)
  local seen = {}
  for n, each in ipairs(intervals) do
    seen[each[4]] = seen[each[4]] or n
    each.n = n
  end
  table.sort(intervals, function(a, b)
    if a[4] ~= b[4] then return seen[a[4]] < seen[b[4]] end
    if a[2] ~= b[2] then return a[2] < b[2] end
    return a.n < b.n
  end)
end

-- Returns the distance of each interval to the one before it, and which of them are the nearest.
local function nearest_of(intervals)
  local distances, numbers, near = {}, {}, {}
  for n = 2, #intervals do
    local a, b = intervals[n - 1], intervals[n]
    distances[n] = math.abs(b[2] - a[3]) + (a[4] == b[4] and 0 or OTHER_PLAYBACK)
    numbers[n - 1] = n
  end
  table.sort(numbers, function(a, b)
    if distances[a] ~= distances[b] then return distances[a] < distances[b] end
    return a < b
  end)
  for i = 1, #intervals - KEPT_INTERVALS do near[numbers[i]] = true end
  return distances, near
end

local function join_nearest(p, duration)
  local kept, intervals, joined = {}, {}, {}
  for _, entry in ipairs(listed(p.out)) do
    local into = entry[1] == 'i' and intervals or kept
    into[#into + 1] = entry
  end
  in_order(intervals)
  if #intervals <= KEPT_INTERVALS then
    p.ni = #intervals
    return
  end
  local distances, near = nearest_of(intervals)
  for n, each in ipairs(intervals) do
    if near[n] then
      joined[#joined] = join(joined[#joined], each, distances[n], duration)
    else
      joined[#joined + 1] = each
    end
  end
  for _, each in ipairs(joined) do
    kept[#kept + 1] = { each[1], each[2], each[3], each[4], each[5], each[6] }
  end
  p.out, p.ni = dumped(kept), #joined
end

-- p.ni counts the intervals, so that nobody has to. A count that an older version did not keep, or
-- that was damaged, starts again.
local function push_interval(p, first, last, playback, duration)
  local ending = string.match(string.sub(p.out or '', -LONGEST_INTERVAL), LAST_INTERVAL)
  local before = ending and cjson.decode(string.sub(ending, 1, -2))
  if before and before[4] == playback and before[3] == first then
    before[3] = last
    p.out = string.sub(p.out, 1, -#ending - 1) .. cjson.encode(before) .. ']'
    return
  end
  p.ni = tonumber(p.ni) or 0
  if p.ni >= MOST_INTERVALS then join_nearest(p, duration) end
  push_out(p, { 'i', first, last, playback })
  p.ni = us(p.ni + 1)
end
