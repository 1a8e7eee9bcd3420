-- A Wireshark dissector for the Download Lab's protocol (../protocol.md).
--
--   tshark -X lua_script:dlab.lua -r part1.pcap -Y dlab
--
-- or put this file into the folder that Help > About Wireshark > Folders calls "Personal Lua
-- Plugins". Ports 9001 to 9006 are taken for ours; on any other port the magic tells.

local dlab = Proto("dlab", "Download Lab")

local MAGIC = 0xd14c4142
local HEADER_BYTES = 12
local PORTS = "9001-9006"

local TYPES = {
  [0x01] = "Get", [0x02] = "GetPackets", [0x03] = "Digest", [0x04] = "List",
  [0x81] = "File", [0x82] = "Packet", [0x83] = "Mark", [0x84] = "FileDigest",
  [0x85] = "Working", [0x86] = "Listing", [0xff] = "Error",
}
local ORDERS = { [0] = "sequential", [1] = "reversed", [2] = "shuffled" }
local CODES = {
  "not-found", "not-a-file", "forbidden", "bad-name", "bad-range", "version-changed", "malformed",
  "unknown-type", "unsupported-version", "busy", "timed-out", "internal",
}

local fields = {
  magic = ProtoField.uint32("dlab.magic", "Magic", base.HEX),
  protocol = ProtoField.uint8("dlab.protocol", "Version of the protocol"),
  type = ProtoField.uint8("dlab.type", "Type", base.HEX, TYPES),
  reserved = ProtoField.uint16("dlab.reserved", "Reserved", base.HEX),
  body_length = ProtoField.uint32("dlab.body_length", "Body length"),
  offset = ProtoField.uint64("dlab.offset", "Offset"),
  length = ProtoField.uint64("dlab.length", "Length"),
  version = ProtoField.uint64("dlab.version", "Version of the file", base.HEX),
  share = ProtoField.uint16("dlab.share", "Share"),
  seed = ProtoField.uint64("dlab.seed", "Seed"),
  packet_bytes = ProtoField.uint32("dlab.packet_bytes", "Bytes of a packet"),
  window = ProtoField.uint32("dlab.window", "Window"),
  order = ProtoField.uint8("dlab.order", "Order", base.DEC, ORDERS),
  name = ProtoField.string("dlab.name", "Name"),
  size = ProtoField.uint64("dlab.size", "Size of the file"),
  sent = ProtoField.uint64("dlab.sent", "Sent (ns, monotonic)"),
  sequence = ProtoField.uint64("dlab.sequence", "Sequence number"),
  payload_length = ProtoField.uint32("dlab.payload_length", "Length of the payload"),
  crc32c = ProtoField.uint32("dlab.crc32c", "CRC32C", base.HEX),
  payload = ProtoField.bytes("dlab.payload", "Payload"),
  next = ProtoField.uint64("dlab.next", "Next sequence number"),
  digest = ProtoField.bytes("dlab.digest", "SHA-256"),
  done = ProtoField.uint64("dlab.done", "Bytes hashed"),
  total = ProtoField.uint64("dlab.total", "Bytes in all"),
  complete = ProtoField.bool("dlab.complete", "Complete"),
  count = ProtoField.uint16("dlab.count", "Entries"),
  code = ProtoField.uint16("dlab.code", "Code", base.DEC, CODES),
  message = ProtoField.string("dlab.message", "Message"),
  raw = ProtoField.bytes("dlab.raw", "Bytes of the file"),
  raw_position = ProtoField.uint64("dlab.raw_position", "First of them in the file"),
}
dlab.fields = fields

local malformed = ProtoExpert.new("dlab.malformed", "Not a frame of this protocol",
                                  expert.group.MALFORMED, expert.severity.ERROR)
dlab.experts = { malformed }

local tcp_stream = Field.new("tcp.stream")

-- What must be known of the frames before: how many raw bytes are still to come in each direction,
-- and which requests await their answer. `seen` keeps it as it was when a segment was dissected for
-- the first time, because Wireshark dissects in any order afterwards.
local flows, requests, seen, answered = {}, {}, {}, {}

function dlab.init()
  flows, requests, seen, answered = {}, {}, {}, {}
end

local function flow_of(pinfo)
  local key = tcp_stream().value .. ":" .. pinfo.src_port
  flows[key] = flows[key] or { raw = 0, position = 0 }
  return flows[key]
end

local function segment_key(tvb, pinfo)
  return pinfo.number .. ":" .. tcp_stream().value .. ":" .. tvb:len()
end

local function await(pinfo, kind)
  local stream = tcp_stream().value
  requests[stream] = requests[stream] or {}
  table.insert(requests[stream], kind)
end

local function answer(pinfo)
  local awaiting = requests[tcp_stream().value]
  return awaiting and table.remove(awaiting, 1)
end

-- Reads fields one after another.
local function reader(body, tree)
  local at = 0
  local read = {}
  function read.number(field, bytes)
    local range = body(at, bytes)
    tree:add(field, range)
    at = at + bytes
    return bytes == 8 and range:uint64() or range:uint()
  end
  function read.text(field)
    local length = body(at, 2):uint()
    local range = body(at + 2, length)
    tree:add(field, range)
    at = at + 2 + length
    return length > 0 and range:string() or ""
  end
  function read.bytes(field, count)
    if count > 0 then tree:add(field, body(at, count)) end
    at = at + count
  end
  return read
end

local ALL = UInt64(0xffffffff, 0xffffffff)

local function range_text(offset, length)
  if length == ALL then return "from " .. tostring(offset) .. " to the end" end
  return tostring(length) .. " bytes from " .. tostring(offset)
end

-- One function for each type: shows the body, returns a line for the list.
local bodies = {}

bodies[0x01] = function(read)
  local offset, length = read.number(fields.offset, 8), read.number(fields.length, 8)
  read.number(fields.version, 8)
  read.number(fields.share, 2)
  return read.text(fields.name) .. ", " .. range_text(offset, length)
end

bodies[0x02] = function(read)
  local offset, length = read.number(fields.offset, 8), read.number(fields.length, 8)
  read.number(fields.version, 8)
  read.number(fields.seed, 8)
  local packet = read.number(fields.packet_bytes, 4)
  read.number(fields.window, 4)
  local order = read.number(fields.order, 1)
  return string.format("%s, %s, packets of %d, %s", read.text(fields.name),
                       range_text(offset, length), packet, ORDERS[order] or "?")
end

bodies[0x03] = function(read)
  read.number(fields.version, 8)
  return read.text(fields.name)
end

bodies[0x04] = function() return "" end

bodies[0x81] = function(read)
  local size = read.number(fields.size, 8)
  read.number(fields.version, 8)
  local offset, length = read.number(fields.offset, 8), read.number(fields.length, 8)
  read.number(fields.sent, 8)
  local name = read.text(fields.name)
  return name .. ", " .. range_text(offset, length) .. " of " .. tostring(size), offset, length
end

bodies[0x82] = function(read)
  local sequence, offset = read.number(fields.sequence, 8), read.number(fields.offset, 8)
  read.number(fields.sent, 8)
  local length = read.number(fields.payload_length, 4)
  read.number(fields.crc32c, 4)
  read.bytes(fields.payload, length)
  return tostring(sequence) .. ", " .. range_text(offset, length)
end

bodies[0x83] = function(read) return "all below " .. tostring(read.number(fields.next, 8)) end

bodies[0x84] = function(read)
  read.number(fields.version, 8)
  read.number(fields.size, 8)
  read.bytes(fields.digest, 32)
  return ""
end

bodies[0x85] = function(read)
  local done, total = read.number(fields.done, 8), read.number(fields.total, 8)
  return tostring(done) .. " of " .. tostring(total)
end

bodies[0x86] = function(read)
  read.number(fields.complete, 1)
  local count = read.number(fields.count, 2)
  for _ = 1, count do
    read.number(fields.size, 8)
    read.text(fields.name)
  end
  return count .. " files"
end

bodies[0xff] = function(read)
  local code = read.number(fields.code, 2)
  read.text(fields.message)
  return CODES[code] or tostring(code)
end

local FINAL = { [0x84] = true, [0x86] = true, [0xff] = true } -- end an answer; File does so, too

-- Bytes of the file, outside any frame; as many as are here.
local function show_raw(tvb, at, pinfo, tree, flow)
  local count = math.min(flow.raw, tvb:len() - at)
  local item = tree:add(dlab, tvb(at, count), "Download Lab, " .. count .. " bytes of the file")
  item:add(fields.raw, tvb(at, count))
  item:add(fields.raw_position, tvb(at, count), UInt64.new(flow.position)):set_generated()
  flow.raw = flow.raw - count
  flow.position = flow.position + count
  pinfo.cols.info:append(" [" .. count .. " bytes of the file]")
  return count
end

-- Whether raw bytes follow a File depends on the request that it answers.
local function bytes_follow(tvb, at, pinfo)
  local key = segment_key(tvb, pinfo) .. ":" .. at
  if not pinfo.visited then answered[key] = answer(pinfo) end
  return answered[key] ~= 0x02
end

local function follow_up(kind, tvb, at, pinfo, flow, offset, length)
  if kind < 0x80 then
    if not pinfo.visited then await(pinfo, kind) end
  elseif kind == 0x81 then
    if bytes_follow(tvb, at, pinfo) then
      flow.raw, flow.position = length:tonumber(), offset:tonumber()
    end
  elseif FINAL[kind] and not pinfo.visited then
    answer(pinfo)
  end
end

-- One frame that is here as a whole.
local function show_frame(tvb, at, pinfo, tree, flow)
  local bytes = HEADER_BYTES + tvb(at + 8, 4):uint()
  local kind = tvb(at + 5, 1):uint()
  local name = TYPES[kind] or string.format("type 0x%02x", kind)
  local item = tree:add(dlab, tvb(at, bytes), "Download Lab, " .. name)
  item:add(fields.magic, tvb(at, 4))
  item:add(fields.protocol, tvb(at + 4, 1))
  item:add(fields.type, tvb(at + 5, 1))
  item:add(fields.reserved, tvb(at + 6, 2))
  item:add(fields.body_length, tvb(at + 8, 4))
  local show = bodies[kind]
  local right, line, offset, length = true, "", nil, nil
  if show and (bytes > HEADER_BYTES or kind == 0x04) then
    local body = bytes > HEADER_BYTES and tvb(at + HEADER_BYTES, bytes - HEADER_BYTES):tvb()
    right, line, offset, length = pcall(show, reader(body, item))
  end
  if not right then
    item:add_proto_expert_info(malformed)
    line = "malformed"
  else
    follow_up(kind, tvb, at, pinfo, flow, offset, length)
    if line ~= "" then item:append_text(": " .. line) end
  end
  pinfo.cols.info:append(" [" .. name .. (line ~= "" and " " .. line or "") .. "]")
  return bytes
end

-- How many bytes are missing until the frame at `at` is whole; nil when it is none of ours.
local function missing(tvb, at)
  local here = tvb:len() - at
  if here < HEADER_BYTES then return DESEGMENT_ONE_MORE_SEGMENT end
  if tvb(at, 4):uint() ~= MAGIC then return nil end
  return math.max(0, HEADER_BYTES + tvb(at + 8, 4):uint() - here)
end

function dlab.dissector(tvb, pinfo, tree)
  pinfo.cols.protocol = "DLAB"
  pinfo.cols.info:clear()
  local flow, key = flow_of(pinfo), segment_key(tvb, pinfo)
  if not pinfo.visited then
    seen[key] = { raw = flow.raw, position = flow.position }
  elseif seen[key] then
    flow = { raw = seen[key].raw, position = seen[key].position }
  end
  local at = 0
  while at < tvb:len() do
    if flow.raw > 0 then
      at = at + show_raw(tvb, at, pinfo, tree, flow)
    else
      local more = missing(tvb, at)
      if not more then
        tree:add(dlab, tvb(at)):add_proto_expert_info(malformed)
        return tvb:len()
      elseif more ~= 0 then
        pinfo.desegment_offset = at
        pinfo.desegment_len = more
        return tvb:len()
      end
      at = at + show_frame(tvb, at, pinfo, tree, flow)
    end
  end
  return tvb:len()
end

DissectorTable.get("tcp.port"):add(PORTS, dlab)

dlab:register_heuristic("tcp", function(tvb, pinfo, tree)
  if tvb:len() < HEADER_BYTES or tvb(0, 4):uint() ~= MAGIC then return false end
  pinfo.conversation = dlab
  dlab.dissector(tvb, pinfo, tree)
  return true
end)
