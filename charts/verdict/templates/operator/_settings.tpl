{{- define "verdict.gatewayUrl" -}}
http://{{ include "verdict.name" . }}-gateway.{{ .Release.Namespace }}.svc:{{ .Values.gateway.service.port }}
{{- end }}

{{/* The TriggerAuthentication that KEDA uses for the lag; empty = nobody asks for one. */}}
{{- define "verdict.lagAuthentication" -}}
{{- with .Values.workloads.lagSource }}{{ with .authentication }}{{ .name | default (printf "%s-lag" (include "verdict.name" $)) }}{{ end }}{{ end -}}
{{- end }}

{{/* What the operator gives every detector and training, as PlatformSettings of operator/src/resources: JSON. */}}
{{- define "verdict.settings" -}}
{{- $volumes := .Values.workloads.volumes -}}
{{- if .Values.blobs.existingClaim -}}
{{- $volumes = append $volumes (dict "volume" (include "verdict.blobsVolume" . | fromYaml) "mount" (include "verdict.blobsMount" . | fromYaml)) -}}
{{- end -}}
{{- if include "verdict.vaultShared" . -}}
{{- $volumes = append $volumes (dict "volume" (include "verdict.keyVaultVolume" . | fromYaml) "mount" (include "verdict.keyVaultMount" . | fromYaml)) -}}
{{- end -}}
{{- $database := dict -}}
{{- if include "verdict.databaseByIdentity" . -}}
{{- range list "detector" "training" -}}
{{- $database = set $database . (include "verdict.databaseUrl" (dict "root" $ "identity" .)) -}}
{{- end -}}
{{- else -}}
{{- $database = dict "name" (include "verdict.databaseSecret" .) "key" (include "verdict.databaseKey" .) -}}
{{- end -}}
{{- $hubs := dict -}}
{{- if include "verdict.hubsNamespace" . -}}
{{- $hubs = dict "namespace" (include "verdict.hubsNamespace" .) -}}
{{- else -}}
{{- $hubs = dict "connectionString" (dict "name" (include "verdict.hubsSecret" .) "key" (include "verdict.hubsKey" .)) -}}
{{- end -}}
{{- $blobs := dict "name" (printf "%s-embedded" (include "verdict.name" .)) "key" "blobs" -}}
{{- if not (include "verdict.azurite" .) -}}
{{- $blobs = include "verdict.blobsUrl" . -}}
{{- end -}}
{{- $lag := .Values.workloads.lagSource -}}
{{- with include "verdict.lagAuthentication" . -}}
{{- $lag = set (omit $lag "authentication") "authentication" . -}}
{{- end -}}
{{- $optional := dict -}}
{{- with include "verdict.tracingSettings" . -}}
{{- $optional = set $optional "tracing" (fromJson .) -}}
{{- end -}}
{{- with include "verdict.artefactSettings" . -}}
{{- $optional = set $optional "artefacts" (fromJson .) -}}
{{- end -}}
{{- $image := dict "pullPolicy" .Values.image.pullPolicy -}}
{{- $settings := dict
  "images" (dict
    "detector" (merge (dict "image" (include "verdict.image" (dict "root" . "name" "detector"))) $image)
    "retrainer" (merge (dict "image" (include "verdict.image" (dict "root" . "name" "retrainer"))) $image))
  "imagePullSecrets" .Values.image.pullSecrets
  "serviceAccounts" (dict
    "detector" .Values.workloads.serviceAccounts.detector.name
    "retrainer" .Values.workloads.serviceAccounts.retrainer.name)
  "workloadIdentity" .Values.workloadIdentity.enabled
  "gatewayUrl" (include "verdict.gatewayUrl" .)
  "databaseUrl" $database
  "eventHubs" (set $hubs "dataHub" .Values.eventHubs.dataHub)
  "blobsUrl" $blobs
  "volumes" $volumes
  "environment" .Values.workloads.environment
  "placement" .Values.workloads.placement
  "lagSource" $lag
  "logLevel" .Values.logLevel -}}
{{- range $name, $value := $optional -}}
{{- $settings = set $settings $name $value -}}
{{- end -}}
{{- $settings | toJson -}}
{{- end }}
