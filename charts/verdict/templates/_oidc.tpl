{{/* Address under which browsers reach the dashboard; empty where nothing says it. */}}
{{- define "verdict.publicUrl" -}}
{{- if .Values.gateway.publicUrl -}}
{{ .Values.gateway.publicUrl }}
{{- else if and .Values.ingress.enabled .Values.ingress.tlsSecret -}}
https://{{ .Values.ingress.host }}
{{- end -}}
{{- end }}

{{/* Where the identity provider sends people back to; empty where nobody logs in there. */}}
{{- define "verdict.oidcRedirect" -}}
{{- if .Values.gateway.oidc.clientId -}}
{{ include "verdict.publicUrl" . | trimSuffix "/" }}/auth/oidc/callback
{{- end -}}
{{- end }}

{{/* What the gateway is told of the identity provider; empty without one. */}}
{{- define "verdict.oidcEnv" -}}
{{- $oidc := .Values.gateway.oidc -}}
{{- if not $oidc.issuer -}}
{{- if or $oidc.clientId $oidc.audience $oidc.roles $oidc.clientSecret }}{{ fail "gateway.oidc.issuer: needed with the rest of gateway.oidc" }}{{ end -}}
{{- else -}}
{{- if not $oidc.roles }}{{ fail "gateway.oidc.roles: say who may do what" }}{{ end -}}
{{- if not (or $oidc.clientId $oidc.audience) }}{{ fail "gateway.oidc: clientId, for people, or audience, for programs" }}{{ end -}}
{{- if and $oidc.clientId (not (include "verdict.publicUrl" .)) }}{{ fail "gateway.publicUrl: needed with gateway.oidc.clientId" }}{{ end -}}
{{- if and $oidc.workloadIdentity $oidc.clientSecret }}{{ fail "gateway.oidc: either workloadIdentity or clientSecret" }}{{ end -}}
{{- if and $oidc.workloadIdentity $oidc.clientId (not .Values.workloadIdentity.enabled) }}{{ fail "gateway.oidc.workloadIdentity: needs workloadIdentity.enabled" }}{{ end -}}
- { name: VERDICT_OIDC_ISSUER, value: {{ $oidc.issuer | quote }} }
- { name: VERDICT_OIDC_ROLES, value: {{ $oidc.roles | toJson | quote }} }
{{- with $oidc.audience }}
- { name: VERDICT_OIDC_AUDIENCE, value: {{ . | quote }} }
{{- end }}
{{- with $oidc.clientId }}
- { name: VERDICT_OIDC_CLIENT_ID, value: {{ . | quote }} }
- { name: VERDICT_OIDC_SCOPES, value: {{ $oidc.scopes | quote }} }
- { name: VERDICT_OIDC_LABEL, value: {{ $oidc.label | quote }} }
{{- end }}
- { name: VERDICT_OIDC_NAME_CLAIM, value: {{ $oidc.nameClaim | quote }} }
- { name: VERDICT_OIDC_NAME_PREFIX, value: {{ $oidc.namePrefix | quote }} }
{{- if $oidc.clientSecret }}
- { name: VERDICT_OIDC_CLIENT_SECRET_FILE, value: /etc/verdict/oidc/client-secret }
{{- else if and $oidc.workloadIdentity $oidc.clientId }}
# The webhook of workload identity puts it there.
- { name: VERDICT_OIDC_CLIENT_ASSERTION_FILE, value: /var/run/secrets/azure/tokens/azure-identity-token }
{{- end }}
{{- end -}}
{{- end }}
