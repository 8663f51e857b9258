{{/* True where a trial brings its own blob store: Azurite. */}}
{{- define "verdict.azurite" -}}
{{- if and .Values.embedded.enabled (not .Values.blobs.url) }}true{{ end -}}
{{- end }}

{{- define "verdict.blobsUrl" -}}
{{- required "blobs.url: where models and state are kept (file:///blobs with blobs.existingClaim, or a container's URL)" .Values.blobs.url -}}
{{- end }}

{{/* Environment by which the gateway finds blobs. Detectors and trainings have it from the operator's settings. */}}
{{- define "verdict.blobsEnv" -}}
{{- if include "verdict.azurite" . -}}
- name: VERDICT_BLOBS_URL
  valueFrom:
    secretKeyRef: { name: {{ include "verdict.name" . }}-embedded, key: blobs }
{{- else -}}
- { name: VERDICT_BLOBS_URL, value: {{ include "verdict.blobsUrl" . | quote }} }
{{- end }}
{{- end }}

{{/* The claim with blobs as files. */}}
{{- define "verdict.blobsVolume" -}}
name: blobs
persistentVolumeClaim: { claimName: {{ .Values.blobs.existingClaim }} }
{{- end }}
{{- define "verdict.blobsMount" -}}
name: blobs
mountPath: /blobs
{{- end }}
