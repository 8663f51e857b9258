/** Decides which Host and Origin headers are answered: the defence against DNS rebinding and foreign pages. */
export interface HostGuard {
  hostAllowed(host: string | undefined): boolean;
  /** A missing Origin is fine: only browsers send one, and they always do where it matters. */
  originAllowed(origin: string | undefined): boolean;
}

/** Names under which a process at home is always reached. */
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Makes the guard for loopback names and `extraHosts` (host names without port); `*` allows every host. `origins` are
 * those of pages elsewhere (`https://example.org`) that may call too.
 */
export function hostGuard(extraHosts: readonly string[] = [], origins: readonly string[] = []): HostGuard {
  const allowed = new Set([...loopbackNames, ...extraHosts.map((host) => host.toLowerCase())]);
  const all = allowed.has('*');
  return {
    hostAllowed(host) {
      if (host === undefined) return false;
      return all || allowed.has(withoutPort(host));
    },
    originAllowed(origin) {
      if (origin === undefined) return true;
      if (all || origins.includes(origin)) return true;
      if (!URL.canParse(origin)) return false;
      const url = new URL(origin);
      return (url.protocol === 'http:' || url.protocol === 'https:') && allowed.has(url.hostname);
    },
  };
}

function withoutPort(host: string): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, '');
}
