{{/* Names. */}}
{{- define "verdict.name" -}}
{{- if contains "verdict" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-verdict" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* All namespaces with models and pools, as a JSON list. */}}
{{- define "verdict.namespaces" -}}
{{- if .Values.namespaces }}{{ .Values.namespaces | uniq | sortAlpha | toJson }}{{ else }}{{ list .Release.Namespace | toJson }}{{ end }}
{{- end }}

{{/* Labels of every object: (dict "root" $ "component" "gateway"). */}}
{{- define "verdict.labels" -}}
{{ include "verdict.selector" . }}
app.kubernetes.io/part-of: verdict
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "verdict.selector" -}}
app.kubernetes.io/name: verdict-{{ .component }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of pods: none that changes with the chart, for a change restarts them. */}}
{{- define "verdict.podLabels" -}}
{{ include "verdict.selector" . }}
app.kubernetes.io/part-of: verdict
{{- end }}

{{/* An image: (dict "root" $ "name" "gateway"). */}}
{{- define "verdict.image" -}}
{{- $image := .root.Values.image -}}
{{- $digest := get $image.digests .name -}}
{{ $image.registry }}/{{ $image.repository }}/{{ .name }}{{ if $digest }}@{{ $digest }}{{ else }}:{{ $image.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end }}

{{/* What PodSecurity `restricted` asks, and more. */}}
{{- define "verdict.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "verdict.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Where pods go: (dict "root" $ "part" .Values.gateway). */}}
{{- define "verdict.placement" -}}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with .part.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .part.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .part.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* Replicas of a process on different nodes and zones where there are any: (dict "root" $ "component" …). */}}
{{- define "verdict.spread" -}}
topologySpreadConstraints:
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "verdict.selector" $ | nindent 8 }}
{{- end }}
{{- end }}

{{- define "verdict.databaseSecret" -}}
{{- if .Values.embedded.enabled }}{{ include "verdict.name" . }}-embedded{{ else }}{{ required "database.secretName: name the Secret with PostgreSQL's URL (or give database.urls, or set embedded.enabled for a trial)" .Values.database.secretName }}{{ end }}
{{- end }}
{{- define "verdict.databaseKey" -}}
{{- if .Values.embedded.enabled }}databaseUrl{{ else }}{{ .Values.database.key }}{{ end }}
{{- end }}
{{- define "verdict.hubsSecret" -}}
{{- if .Values.embedded.enabled }}{{ include "verdict.name" . }}-embedded{{ else }}{{ required "eventHubs.secretName: name the Secret with the connection string (or give eventHubs.namespace, or set embedded.enabled for a trial)" .Values.eventHubs.secretName }}{{ end }}
{{- end }}
{{- define "verdict.hubsKey" -}}
{{- if .Values.embedded.enabled }}connectionString{{ else }}{{ .Values.eventHubs.key }}{{ end }}
{{- end }}

{{/* Where identities of Azure take the place of a Secret; empty = they do not. */}}
{{- define "verdict.databaseByIdentity" -}}
{{- $database := .Values.database -}}
{{- if and (compact (values $database.urls)) (not .Values.embedded.enabled) -}}
{{- if $database.secretName }}{{ fail "database: either urls or secretName" }}{{ end -}}
true
{{- end -}}
{{- end }}
{{/* URL of one identity: (dict "root" $ "identity" "gateway"). */}}
{{- define "verdict.databaseUrl" -}}
{{ required (printf "database.urls.%s: each identity needs one" .identity) (get .root.Values.database.urls .identity) }}
{{- end }}
{{- define "verdict.hubsNamespace" -}}
{{- with .Values.eventHubs -}}
{{- if and .namespace (not $.Values.embedded.enabled) }}{{ if .secretName }}{{ fail "eventHubs: either namespace or secretName" }}{{ end }}{{ .namespace }}{{ end }}
{{- end }}
{{- end }}

{{/* Environment by which a process finds the database (dict "root" $ "identity" …), and the hubs. */}}
{{- define "verdict.databaseEnv" -}}
{{- if include "verdict.databaseByIdentity" .root -}}
- { name: VERDICT_DATABASE_URL, value: {{ include "verdict.databaseUrl" . | quote }} }
- { name: VERDICT_DATABASE_AUTH, value: entra }
{{- else -}}
- name: VERDICT_DATABASE_URL
  valueFrom:
    secretKeyRef: { name: {{ include "verdict.databaseSecret" .root }}, key: {{ include "verdict.databaseKey" .root }} }
{{- end }}
{{- end }}
{{- define "verdict.hubsEnv" -}}
{{- if include "verdict.hubsNamespace" . -}}
- { name: VERDICT_EVENT_HUBS_NAMESPACE, value: {{ include "verdict.hubsNamespace" . | quote }} }
{{- else -}}
- name: VERDICT_EVENT_HUBS_CONNECTION_STRING
  valueFrom:
    secretKeyRef: { name: {{ include "verdict.hubsSecret" . }}, key: {{ include "verdict.hubsKey" . }} }
{{- end }}
{{- end }}

{{/* Labels that make AKS inject an identity. */}}
{{- define "verdict.identity" -}}
{{- if .Values.workloadIdentity.enabled }}azure.workload.identity/use: "true"{{ end }}
{{- end }}

{{/* Exactly this service account, from every namespace that is served, may do this at the gateway: JSON. */}}
{{- define "verdict.accounts" -}}
{{- $accounts := list (dict "namespace" .Release.Namespace "serviceAccount" (printf "%s-operator" (include "verdict.name" .)) "roles" (list "service" "viewer")) -}}
{{- range $namespace := include "verdict.namespaces" . | fromJsonArray -}}
{{- $accounts = append $accounts (dict "namespace" $namespace "serviceAccount" $.Values.workloads.serviceAccounts.detector.name "roles" (list "service")) -}}
{{- end -}}
{{- concat $accounts .Values.cluster.accounts | toJson -}}
{{- end }}

{{/* A token of the pod's own for the gateway. */}}
{{- define "verdict.gatewayTokenVolume" -}}
- name: gateway-token
  projected:
    sources:
      - serviceAccountToken: { audience: verdict, expirationSeconds: 3600, path: token }
{{- end }}

{{/* What speaks to the API server gets its token by name, instead of by automount. */}}
{{- define "verdict.apiTokenVolume" -}}
- name: api-token
  projected:
    sources:
      - serviceAccountToken: { expirationSeconds: 3600, path: token }
      - configMap: { name: kube-root-ca.crt, items: [{ key: ca.crt, path: ca.crt }] }
      - downwardAPI: { items: [{ path: namespace, fieldRef: { fieldPath: metadata.namespace } }] }
{{- end }}
{{- define "verdict.apiTokenMount" -}}
- { name: api-token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true }
{{- end }}

{{/* Made before an uninstallation and gone afterwards; a refusal stays to be read. Argument: weight. */}}
{{- define "verdict.uninstallHook" -}}
helm.sh/hook: pre-delete
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
