/** What a child process tells its parent over IPC once it serves. */
export interface ListeningMessage {
  readonly type: 'listening';
  readonly port: number;
}

/** Tells the parent process which port is served; does nothing without an IPC channel. */
export function announceListening(port: number): void {
  const message: ListeningMessage = { type: 'listening', port };
  process.send?.(message);
}
