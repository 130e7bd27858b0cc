-- What people ask for: one kind of page or act at a time, in turns, over connections that are kept.

local function lines(name)
  local all = {}
  for line in io.lines(os.getenv(name)) do all[#all + 1] = line end
  return all
end

local what, year = os.getenv("WHAT"), os.getenv("YEAR")
-- What browsers send; empty where the pages are asked for as they are.
local encodings = os.getenv("ENCODINGS")
local people = {}
for _, line in ipairs(lines("PEOPLE")) do
  local cookie, csrf = line:match("^(%S+) (%S+)$")
  people[#people + 1] = { cookie = cookie, csrf = csrf }
end
local cases = {}
for _, line in ipairs(what == "case" and lines("CASES") or {}) do
  local cookie, path = line:match("^(%S+) (%S+)$")
  cases[#cases + 1] = { cookie = cookie, path = path }
end

-- Common and rare, one word and several.
local words = {
  "土地征收", "补偿安置", "预算", "环境影响评价", "测绘", "会议纪要", "处罚决定", "红线",
  "专项资金使用情况", "拆迁 许可", "集体 登记", "统计数据", "本村 全部", "规划许可", "审批 复印件", "决算",
}

local function headers_of(cookie)
  local headers = { Cookie = cookie }
  if encodings ~= "" then headers["Accept-Encoding"] = encodings end
  return headers
end

local function escape(text)
  return (text:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end))
end

local count = 0
local thread_no = 0
local threads = {}

function setup(thread)
  thread:set("id", #threads)
  threads[#threads + 1] = thread
end

function init(args)
  math.randomseed(os.time() + id)
  thread_no = id
  refused = 0
end

local function register(person)
  count = count + 1
  local mark = string.format("%d%d%06d", os.time(), thread_no, count)
  local fields = {
    csrf = person.csrf,
    submission = "load-" .. mark,
    channel = "in_person",
    submitted_on = os.date("!%Y-%m-%d", os.time() + 8 * 3600),
    applicant_kind = "natural_person",
    applicant_name = "张" .. mark,
    phone = "13800000000",
    address = "某某市某某区某某路" .. (count % 500) .. "号",
    content = "申请公开" .. words[count % #words + 1] .. "的批复文件和红线图" .. mark,
    preferred_form = "paper",
  }
  local body = {}
  for name, value in pairs(fields) do body[#body + 1] = name .. "=" .. escape(value) end
  for _, seen in ipairs({ "repeat", "frequent", "identity" }) do body[#body + 1] = "seen=" .. seen end
  return table.concat(body, "&")
end

function request()
  local person = people[math.random(#people)]
  local headers = headers_of(person.cookie)
  if what == "queue" then
    return wrk.format("GET", "/", headers)
  elseif what == "case" then
    local case = cases[math.random(#cases)]
    return wrk.format("GET", case.path, headers_of(case.cookie))
  elseif what == "list" then
    return wrk.format("GET", "/cases", headers)
  elseif what == "search" then
    return wrk.format("GET", "/cases?q=" .. escape(words[math.random(#words)]), headers)
  elseif what == "report" then
    return wrk.format("GET", "/reports/" .. year, headers)
  end
  headers["Content-Type"] = "application/x-www-form-urlencoded"
  return wrk.format("POST", "/cases/new", headers, register(person))
end

function response(status, headers, body)
  -- A registration goes on to its receipt; whatever else is shown means that nothing was registered.
  local expected = what == "register" and 303 or 200
  if status ~= expected then
    refused = refused + 1
    if refused == 1 then io.stderr:write(what, ": status ", status, "\n") end
  end
end

function done(summary, latency, requests)
  local refused = 0
  for _, thread in ipairs(threads) do refused = refused + thread:get("refused") end
  io.write(string.format("figures\t%.1f\t%.2f\t%.2f\t%.2f\t%d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    refused + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
