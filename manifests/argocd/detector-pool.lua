-- Health of a DetectorPool for Argo CD. It says what kstatus says, and one thing more: detectors that crash or find no
-- node are Degraded though others serve. A rollout that nobody's commit asked for leaves a pool Healthy.
local health = { status = "Progressing", message = "Waiting for the operator" }
local status = obj.status
if obj.metadata.deletionTimestamp ~= nil then
  health.message = "Being deleted"
  return health
end
if status == nil or status.conditions == nil or status.observedGeneration ~= obj.metadata.generation then
  return health
end
local conditions = {}
for _, condition in ipairs(status.conditions) do
  conditions[condition.type] = condition
end
for _, kind in ipairs({ "Stalled", "Degraded" }) do
  local found = conditions[kind]
  if found ~= nil and found.status == "True" then
    return { status = "Degraded", message = found.reason .. ": " .. found.message }
  end
end
local ready, progressing = conditions.Ready, conditions.Progressing
if ready == nil then
  return health
end
health.message = ready.reason .. ": " .. ready.message
if ready.status == "True" then
  health.status = "Healthy"
  if progressing ~= nil and progressing.status == "True" then
    health.message = progressing.reason .. ": " .. progressing.message
  end
end
return health
