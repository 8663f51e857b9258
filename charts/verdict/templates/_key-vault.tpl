{{/* True where the database's URL or the hubs' connection string comes out of the vault: then whoever needs it mounts it. */}}
{{- define "verdict.vaultShared" -}}
{{- if and .Values.keyVault.enabled (not (and (include "verdict.databaseByIdentity" .) (include "verdict.hubsNamespace" .))) -}}
true
{{- end -}}
{{- end }}

{{/* True where the gateway's signing key does. */}}
{{- define "verdict.vaultSigning" -}}
{{- if and .Values.keyVault.enabled .Values.keyVault.objects.signingKey .Values.gateway.signingKeySecret -}}
true
{{- end -}}
{{- end }}

{{/* Which vault, and as whom: (dict "vault" .Values.keyVault "clientId" …). */}}
{{- define "verdict.vaultParameters" -}}
keyvaultName: {{ required "keyVault.name: which vault" .vault.name | quote }}
tenantId: {{ required "keyVault.tenantId: of the directory" .vault.tenantId | quote }}
clientID: {{ required "keyVault.clientId: of the identity" .clientId | quote }}
usePodIdentity: "false"
{{- end }}

{{/* Secrets made of a vault are there while some pod of the namespace has the mount: whoever needs them mounts it. */}}
{{- define "verdict.keyVaultVolume" -}}
name: key-vault
csi:
  driver: secrets-store.csi.k8s.io
  readOnly: true
  volumeAttributes: { secretProviderClass: {{ include "verdict.name" . }}-key-vault }
{{- end }}
{{- define "verdict.keyVaultMount" -}}
name: key-vault
mountPath: /mnt/key-vault
readOnly: true
{{- end }}
{{- define "verdict.signingVaultVolume" -}}
name: signing-vault
csi:
  driver: secrets-store.csi.k8s.io
  readOnly: true
  volumeAttributes: { secretProviderClass: {{ include "verdict.name" . }}-signing-key-vault }
{{- end }}
{{- define "verdict.signingVaultMount" -}}
name: signing-vault
mountPath: /mnt/signing-vault
readOnly: true
{{- end }}
