{{/* The ConfigMap with the public keys whose signatures on versions are believed. */}}
{{- define "verdict.artefactKeys" -}}
{{ include "verdict.name" . }}-artefact-keys
{{- end }}

{{/* How versions are signed and checked, as the operator wants it: JSON; empty = they are not. */}}
{{- define "verdict.artefactSettings" -}}
{{- with .Values.artefacts -}}
{{- $settings := dict -}}
{{- if .signingKey.secretName -}}
{{- $settings = set $settings "signingKey" (dict "name" .signingKey.secretName "key" .signingKey.key) -}}
{{- end -}}
{{- if .publicKeys -}}
{{- if not .signingKey.secretName }}{{ fail "artefacts.signingKey.secretName: without it trainings would publish what no detector loads" }}{{ end -}}
{{- $settings = set $settings "publicKeys" (dict "name" (include "verdict.artefactKeys" $) "key" "jwks.json") -}}
{{- end -}}
{{- if $settings }}{{ $settings | toJson }}{{ end -}}
{{- end -}}
{{- end }}
