import { formatDateTime } from '../../lib/time-text.ts';
import { versionText } from '../../lib/version-text.ts';

/** Why a training was started, read from the id of what triggered it; an unknown one is named as it is. */
export function triggerText(triggerId: string, zone?: string): string {
  const [, kind = '', rest = ''] = /^([a-z]+)-(.+)$/.exec(triggerId) ?? [];
  if (kind === 'asked') return 'somebody asked for it';
  if (kind === 'confidence' || kind === 'drift') {
    const version = /^v(\d+)-/.exec(rest)?.[1];
    if (version === undefined) return `triggered by ${triggerId}`;
    const which = versionText(Number(version));
    return kind === 'confidence' ? `${which} was no longer trusted` : `${which} no longer fitted the stream`;
  }
  if (kind === 'schedule' && !Number.isNaN(Date.parse(rest)))
    return `it was due by the clock, ${formatDateTime(Date.parse(rest), zone)}`;
  if (kind === 'history' && /^\d+$/.test(rest))
    return rest === '0'
      ? 'there was enough history for the first time'
      : `nothing was learnt yet, and history had grown to ${2 ** Number(rest)} times what is needed`;
  return `triggered by ${triggerId}`;
}
