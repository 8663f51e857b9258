{{- define "verdict.gatewayUrl" -}}
http://{{ include "verdict.name" . }}-gateway.{{ .Release.Namespace }}.svc:{{ .Values.gateway.service.port }}
{{- end }}

{{/* What the operator gives every detector and training, as PlatformSettings of operator/src/resources: JSON. */}}
{{- define "verdict.settings" -}}
{{- $volumes := .Values.workloads.volumes -}}
{{- with .Values.blobs.existingClaim -}}
{{- $volumes = append $volumes (dict "volume" (dict "name" "blobs" "persistentVolumeClaim" (dict "claimName" .)) "mount" (dict "name" "blobs" "mountPath" "/blobs")) -}}
{{- end -}}
{{- if .Values.keyVault.enabled -}}
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
{{- $image := dict "pullPolicy" .Values.image.pullPolicy -}}
{{- dict
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
  "blobsUrl" (required "blobs.url: where models and state are kept (file:///blobs with blobs.existingClaim, or a container's URL)" .Values.blobs.url)
  "volumes" $volumes
  "environment" .Values.workloads.environment
  "placement" .Values.workloads.placement
  "lagSource" .Values.workloads.lagSource
  "logLevel" .Values.logLevel
  | toJson -}}
{{- end }}
