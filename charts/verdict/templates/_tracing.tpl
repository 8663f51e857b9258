{{/* Where traces go, for gateway, retrainer and operator: (dict "root" $ "service" "verdict-gateway"). */}}
{{- define "verdict.tracingEnv" -}}
{{- with .root.Values.tracing -}}
{{- if .endpoint -}}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .endpoint | quote }} }
- { name: OTEL_SERVICE_NAME, value: {{ $.service }} }
{{- if .headers.secretName }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom:
    secretKeyRef: { name: {{ .headers.secretName }}, key: {{ .headers.key }} }
{{- end }}
{{- with .sampler }}
- { name: OTEL_TRACES_SAMPLER, value: {{ . }} }
{{- end }}
{{- if not (kindIs "invalid" .samplerArgument) }}
- { name: OTEL_TRACES_SAMPLER_ARG, value: {{ .samplerArgument | quote }} }
{{- end }}
- name: OTEL_POD_NAME
  valueFrom: { fieldRef: { fieldPath: metadata.name } }
{{- $pairs := list }}
{{- range $name, $value := .resourceAttributes }}
{{- $pairs = append $pairs (printf "%s=%s" $name ($value | urlquery | replace "+" "%20")) }}
{{- end }}
{{- $pairs = concat $pairs (list (printf "k8s.namespace.name=%s" $.root.Release.Namespace) "k8s.pod.name=$(OTEL_POD_NAME)") }}
- { name: OTEL_RESOURCE_ATTRIBUTES, value: {{ $pairs | join "," | quote }} }
{{- end -}}
{{- end -}}
{{- end }}

{{/* The same for detectors and trainings, as the operator wants it: JSON; empty = none. */}}
{{- define "verdict.tracingSettings" -}}
{{- with .Values.tracing -}}
{{- if .endpoint -}}
{{- $settings := dict "endpoint" .endpoint "sampler" .sampler "samplerArgument" .samplerArgument "resourceAttributes" .resourceAttributes -}}
{{- if .headers.secretName -}}
{{- $settings = set $settings "headers" (dict "name" .headers.secretName "key" .headers.key) -}}
{{- end -}}
{{- $settings | toJson -}}
{{- end -}}
{{- end -}}
{{- end }}
