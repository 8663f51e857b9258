-- Health of an AnomalyModel for Argo CD. It says what kstatus says: what cannot go on without somebody is Degraded, what
-- is on its way Progressing, what serves Healthy.
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
local ready, stalled = conditions.Ready, conditions.Stalled
if stalled ~= nil and stalled.status == "True" then
  return { status = "Degraded", message = stalled.reason .. ": " .. stalled.message }
end
if ready == nil then
  return health
end
if ready.status == "True" then
  health.status = "Healthy"
end
health.message = ready.reason .. ": " .. ready.message
return health
