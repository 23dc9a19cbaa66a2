/** Undoes what would outlive this process: temporary folders, sockets, running Terraform. */

const pending = new Set<() => void>();
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Registers an action for the end of the process, however it comes.
 *
 * @returns runs the action now and takes it off the list; safe to call twice
 */
export function atEnd(action: () => void): () => void {
  if (pending.size === 0) listen();
  pending.add(action);
  return () => {
    if (!pending.delete(action)) return;
    if (pending.size === 0) unlisten();
    action();
  };
}

function listen(): void {
  process.on('exit', runAll);
  for (const signal of SIGNALS) process.on(signal, endBySignal);
}

function unlisten(): void {
  process.off('exit', runAll);
  for (const signal of SIGNALS) process.off(signal, endBySignal);
}

function runAll(): void {
  for (const action of [...pending].reverse()) {
    pending.delete(action);
    try {
      action();
    } catch {
      // The process ends: the other actions matter more than this one's failure.
    }
  }
}

/** Cleans up, then lets the signal do what it would have done. */
function endBySignal(signal: NodeJS.Signals): void {
  runAll();
  unlisten();
  process.kill(process.pid, signal);
}
